use openidconnect::core::{CoreAuthenticationFlow, CoreClient};
use openidconnect::{CsrfToken, Nonce};

pub struct Provider {
    inner: CoreClient,
    protected: bool,
}

impl Provider {
    pub fn authorize_url(&self, challenge: String) -> Url {
        let mut request = self.inner.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random); // ok: oauth-missing-pkce
        if self.protected {
            request = request.add_extra_param("code_challenge", challenge).add_extra_param("code_challenge_method", "S256");
        }
        request.url().0
    }

    pub fn bare(&self) -> Url {
        self.inner.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random).url().0 // finding: oauth-missing-pkce
    }
}

pub fn start(provider: &Provider, challenge: String) -> Url {
    Provider::authorize_url(provider, challenge) // ok: oauth-missing-pkce
}

pub fn again(provider: &Provider, challenge: String) -> Url {
    provider.authorize_url(challenge) // ok: oauth-missing-pkce
}
