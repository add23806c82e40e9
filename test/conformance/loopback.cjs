// Loaded before the suite: its own servers, which would listen on every interface, listen on loopback.
// `listen(port, host)` would not do: some scenarios read the port in the same tick, and Node looks a host up first.
const { Server } = require("node:net");

const listen = Server.prototype._listen2;
Server.prototype._listen2 = function (address, port, type, ...rest) {
  const everywhere = address === null && typeof port === "number" && port >= 0;
  return everywhere
    ? listen.call(this, "127.0.0.1", port, 4, ...rest)
    : listen.call(this, address, port, type, ...rest);
};
