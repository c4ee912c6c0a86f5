import { useState } from "react";

type Token = { kind: string; text: string };

export function Editor({ tokens, pushToken, tokenAddress }: { tokens: Token[]; pushToken: string; tokenAddress: string }) {
  const [dark, setDark] = useState(localStorage.getItem("theme") === "dark"); // ok: token-in-web-storage
  localStorage.setItem("editor.parser.tokens", JSON.stringify(tokens.map((t) => t.kind))); // ok: token-in-web-storage
  localStorage.setItem("push", pushToken); // ok: token-in-web-storage
  localStorage.setItem("swap.from", tokenAddress); // ok: token-in-web-storage
  sessionStorage.setItem("oauth_state", crypto.randomUUID()); // ok: token-in-web-storage
  localStorage.setItem("maxTokens", "4096"); // ok: token-in-web-storage
  localStorage.setItem("showTokenModal", "1"); // ok: token-in-web-storage
  localStorage.setItem("XSRF-TOKEN", document.cookie.split("=")[1]); // ok: token-in-web-storage
  return <button onClick={() => setDark(!dark)}>{dark ? "light" : "dark"}</button>;
}
