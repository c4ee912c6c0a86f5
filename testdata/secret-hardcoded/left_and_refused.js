const encryptionKey = process.env.KEY_FILE ? read(process.env.KEY_FILE) : undefined;
const settings = { encryptionKey, cookieSecret: "put-a-secret-key-here" }; // ok: secret-hardcoded

if (settings.cookieSecret === "put-a-secret-key-here") {
  throw new Error("set a secret");
}

module.exports = settings;
