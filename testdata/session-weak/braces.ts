// The package is a function itself and has no such member: what is meant by its own name in braces is the function.
import { cookieSession } from "cookie-session";
import { session, Store, remember } from "express-session";

export const kept = session({ secret: "a-word-for-shops", cookie: { secure: true } }); // finding: session-weak

export const whole = cookieSession({ keys: [process.env.SESSION_KEY!], httpOnly: false, secure: true }); // finding: session-weak

// Other names are other things.
export const store = new Store({ cookie: { secure: false } }); // ok: session-weak
export const other = remember({ cookie: { secure: false } }); // ok: session-weak
