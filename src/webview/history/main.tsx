import { render } from "preact";
import type { FromHistory, ToHistory } from "../../protocol/history";
import { connect } from "../shared/channel";
import { App } from "./app";
import "./history.css";

const root = document.getElementById("root");
if (root) render(<App channel={connect<ToHistory, FromHistory>(["model", "detail"])} />, root);
