// The package has no export of this name: the line fails before anything is verified.
import { verifyAll } from "jsonwebtoken";

export const claims = (token: string) => verifyAll(token, "k"); // ok: jwt-hardcoded-secret
