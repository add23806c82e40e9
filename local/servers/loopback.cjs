// Loaded before a server that would listen on every interface: it listens on loopback instead.
const { Server } = require("node:net");

const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  const takesPort = typeof port === "number" || typeof port === "string";
  return takesPort && typeof rest[0] !== "string"
    ? listen.call(this, Number(port), "127.0.0.1", ...rest)
    : listen.call(this, port, ...rest);
};

// Its parent may be killed outright; then it ends itself.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(0), 1000).unref();
