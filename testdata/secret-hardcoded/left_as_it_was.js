// A key that the program makes up for itself runs with what stands there, even where that reads like a form.
module.exports = {
  cookieSecret: "put_a_session_secret_key_here", // finding: secret-hardcoded
  cryptoKey: "your-secret-key-for-files", // finding: secret-hardcoded
  // The key of somebody else's service is of no use until it is filled in.
  mailApiKey: "put_your_api_key_here", // ok: secret-hardcoded
  sessionSecret: "<session secret here>", // ok: secret-hardcoded
  encryptionKey: process.env.ENCRYPTION_KEY,
};
