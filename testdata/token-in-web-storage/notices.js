function remember(token) {
    localStorage.setItem("admin_token_notice_closed", Date.now()); // ok: token-in-web-storage
    localStorage.setItem("api_token_banner_seen", "yes"); // ok: token-in-web-storage
    localStorage.setItem("admin_token", token); // finding: token-in-web-storage
}
