const session = require("express-session");

const options = { secret: process.env.SESSION_SECRET, cookie: { secure: false } };
if (process.env.NODE_ENV === "production") {
  options.cookie.secure = true;
}

module.exports = session(options); // ok: session-weak
