use reqwest::{Client, ClientBuilder};

pub struct Options {
    pub insecure: bool,
}

pub fn asked(options: &Options) -> reqwest::Result<Client> {
    Client::builder().danger_accept_invalid_certs(options.insecure).build() // ok: tls-verification-disabled
}

pub fn branch(options: &Options) -> reqwest::Result<Client> {
    let mut builder = ClientBuilder::new();
    if options.insecure {
        builder = builder.danger_accept_invalid_certs(true); // ok: tls-verification-disabled
    }
    builder.build()
}

pub fn named(disable_tls_verification: bool) -> reqwest::Result<Client> {
    let mut builder = ClientBuilder::new();
    if disable_tls_verification {
        builder = builder.danger_accept_invalid_certs(true); // ok: tls-verification-disabled
    }
    builder.build()
}

pub fn always() -> reqwest::Result<Client> {
    let builder = ClientBuilder::new().danger_accept_invalid_certs(true); // finding: tls-verification-disabled
    builder.build()
}
