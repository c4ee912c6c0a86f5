import * as crypto from "crypto";

const MARK = "pepper-2024-orders"; // finding: secret-hardcoded

export const mac = (body: string) => crypto.createHmac("sha256", MARK).update(body).digest("hex");
export const named = (body: string) => crypto.createHmac("sha256", "signs-our-mails-7").update(body).digest("hex"); // finding: secret-hardcoded
export const cipher = (iv: Buffer) => crypto.createCipheriv("aes-128-cbc", "abcdefgh12345678", iv); // finding: secret-hardcoded
export const app = () => crypto.createHmac("sha256", "WebAppData"); // ok: secret-hardcoded
export const read = (body: string) => crypto.createHmac("sha256", process.env.KEY!).update(body).digest("hex"); // ok: secret-hardcoded
