const express = require("express");
const session = require("express-session");
const { sidValue } = require("./config");

const app = express();
app.use(session({ secret: sidValue, cookie: { secure: true } }));
