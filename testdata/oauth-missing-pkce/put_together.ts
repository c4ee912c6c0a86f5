// Parameters that come from several places.
function withChallenge(params: URLSearchParams) {
  params.set("code_challenge", "x");
  return params;
}

export function helper(state: string) {
  const params = new URLSearchParams({ response_type: "code", client_id: "shop", state }); // ok: oauth-missing-pkce
  return "https://id.example/authorize?" + withChallenge(params);
}

export function spread(state: string, challenge: string) {
  const base = { response_type: "code", client_id: "shop" }; // ok: oauth-missing-pkce
  return new URLSearchParams({ ...base, state, code_challenge: challenge, code_challenge_method: "S256" });
}

const AUTHORIZE = "https://id.example/authorize?response_type=code&client_id=shop"; // ok: oauth-missing-pkce

export const longer = (state: string, challenge: string) =>
  `${AUTHORIZE}&state=${state}&code_challenge=${challenge}&code_challenge_method=S256`;

export function later(state: string, challenge?: string) {
  const query: Record<string, string> = { response_type: "code", client_id: "shop" }; // ok: oauth-missing-pkce
  query.state = state;
  if (challenge) {
    query["code_challenge"] = challenge;
  }
  return "https://id.example/authorize?" + new URLSearchParams(query).toString();
}

export function pushed(uri: string) {
  const query = new URLSearchParams({ response_type: "code", client_id: "shop", request_uri: uri }); // ok: oauth-missing-pkce
  return `https://id.example/authorize?${query}`;
}

export function grown(state: string) {
  let url = "https://id.example/authorize?response_type=code&client_id=shop"; // finding: oauth-missing-pkce
  url += "&state=" + state;
  return url;
}

export function pieces(state: string) {
  return "https://id.example/authorize?" + ["response_type=code", "client_id=shop", `state=${state}`].join("&"); // finding: oauth-missing-pkce
}
