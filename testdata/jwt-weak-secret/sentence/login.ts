import jwt from "jsonwebtoken";
import { Settings } from "./settings";

export class Login {
  private secret = "this one stands in a field"; // finding: jwt-weak-secret finding: jwt-hardcoded-secret

  issue(id: string) {
    return jwt.sign({ sub: id }, this.secret, { expiresIn: "10m" });
  }

  issueFromSettings(id: string) {
    return jwt.sign({ sub: id }, Settings.read().appSecret, { expiresIn: "10m" });
  }

  issueFromRequest(id: string, res: any) {
    return jwt.sign({ sub: id }, res.locals.settings.appSecret, { expiresIn: "10m" });
  }
}

export function inline(id: string) {
  return jwt.sign({ sub: id }, "and this one in the call", { expiresIn: "10m" }); // finding: jwt-weak-secret finding: jwt-hardcoded-secret
}
