pub async fn login(http: &reqwest::Client, name: &str, password: &str) -> reqwest::Result<String> {
    let mut params = HashMap::new();
    params.insert("grant_type", "password"); // finding: oauth-password-grant
    params.insert("client_id", "shop");
    params.insert("username", name);
    params.insert("password", password);
    http.post("https://id.example/token").form(&params).send().await?.text().await
}
