const path = require("path");

const all = require(path.resolve(__dirname + "/settings.js"));
const local = require(path.join(__dirname, "local", process.env.NODE_ENV));

module.exports = { ...all, ...local };
