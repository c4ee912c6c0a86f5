const { promisify } = require('node:util');
const jwt = require('jsonwebtoken');
const { base } = require('./options');

const verify = promisify(jwt.verify);

exports.lax = (token) => jwt.verify(token, process.env.PUBLIC_KEY, base); // finding: jwt-aud-not-verified
exports.promised = (token) => verify(token, process.env.PUBLIC_KEY, base); // finding: jwt-aud-not-verified
exports.strict = (token) => jwt.verify(token, process.env.PUBLIC_KEY, Object.assign({ audience: 'api' }, base)); // ok: jwt-aud-not-verified
