/** The id of the demo model, which only the server of `startDemoServer` knows. */
export const DEMO_MODEL_ID = "turnpike-demo";
