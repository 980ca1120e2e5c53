import { render } from "preact";
import type { FromSidebar, ToSidebar } from "../../protocol/sidebar";
import { connect } from "../shared/channel";
import { App } from "./app";
import "./sidebar.css";

const root = document.getElementById("root");
if (root) render(<App channel={connect<ToSidebar, FromSidebar>(["model", "detail", "focus", "rejected"])} />, root);
