import jwt from "jsonwebtoken";

export function session(token) {
  return jwt.verify(token, process.env.JWT_KEY, {
    algorithms: ["none", "HS256"],
    audience: "shop",
    issuer: "https://login.example",
  });
}
