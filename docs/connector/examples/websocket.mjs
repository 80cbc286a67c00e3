// The connector API over a WebSocket (docs/connector/asyncapi.json).

export function overWebSocket(port, registration, backend, say) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/connector/v1`);
  const send = (frame) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const tell = () => send({ type: "state", ...backend.report() });
  let end = { dialAgain: true, why: "the connection was lost" };
  let forget = () => {};

  socket.onopen = () => send({ type: "register", ...registration });
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    switch (frame.type) {
      case "pairing":
        say({ link: "pairing", code: frame.code }); // shown to the rep, who compares it in Holdline
        break;
      case "registered":
        registration.token = frame.token; // kept for next time
        say({ link: "up", rights: frame.rights });
        forget = backend.onChange(tell);
        tell();
        break;
      case "setState": {
        const outcome = backend.request(frame);
        send({ type: "answer", id: frame.id, outcome });
        break;
      }
      case "refused":
        // Only a Holdline that nobody is signed in to, or that leaves, is worth dialling again unasked.
        end = { dialAgain: frame.code === "not_signed_in", why: `${frame.code}: ${frame.detail}` };
        break;
    }
  };
  const ended = new Promise((resolve) => {
    socket.onerror = () => {};
    socket.onclose = () => {
      forget();
      resolve(end);
    };
  });
  return {
    ended,
    enqueue: (state) => send({ type: "enqueue", state }),
    cut: () => socket.close(),
  };
}
