//! The route tables of the small services in `testdata/apps`: who may call what, read against the source.
//! `UPDATE=1 cargo test routes` writes them anew.

use std::fs;
use std::path::Path;

use authlint::config::settings::Settings;
use authlint::endpoint::{Answer, Endpoint};
use authlint::scan::{Understood, disk};

use crate::support::book;

fn understood(folder: &Path) -> Understood {
    let root = folder.canonicalize().unwrap();
    let settings = Settings { paths: vec![root.clone()], root, ignore_files: false, ..Settings::default() };
    disk::understand(&settings, book()).unwrap()
}

/// `GET /orders/{id}  yes role  src/orders.ts:12 read  <- requireUser, requireAdmin`
fn line(understood: &Understood, endpoint: &Endpoint) -> String {
    let source = &understood.sources[endpoint.place.file.0 as usize];
    let mut out = format!("{:<40} {}", endpoint.name(), endpoint.authentication.word());
    for (name, answer) in [("role", endpoint.role), ("scope", endpoint.scope)] {
        match answer {
            Answer::No | Answer::Na => {}
            Answer::Yes => out += &format!(" {name}"),
            other => out += &format!(" {name}={}", other.word()),
        }
    }
    if endpoint.public.is_some() {
        out += " public";
    }
    if let Some(condition) = &endpoint.condition {
        out += &format!(" (if {condition})");
    }
    let guards: Vec<&str> = endpoint.evidence().map(|g| g.name.as_str()).collect();
    out += &format!("  {}:{} {}", source.path, source.line(endpoint.place.start), endpoint.handler);
    if !guards.is_empty() {
        out += &format!("  <- {}", guards.join(", "));
    }
    out.trim_end().to_string()
}

fn table(folder: &Path) -> String {
    let understood = understood(folder);
    let mut out: Vec<String> = understood.inventory.endpoints.iter().map(|e| line(&understood, e)).collect();
    out.extend(
        understood.inventory.problems.iter().map(|p| format!("not understood: {} {}", p.path, p.message)),
    );
    out.join("\n") + "\n"
}

#[test]
fn every_service_has_the_routes_of_its_table() {
    let apps = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/apps");
    let mut folders: Vec<_> =
        fs::read_dir(apps).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    let mut wrong = Vec::new();
    for folder in folders {
        let file = folder.join("ROUTES.txt");
        let found = table(&folder);
        if std::env::var("UPDATE").is_ok() {
            if found.trim().is_empty() {
                let _ = fs::remove_file(&file);
            } else {
                fs::write(&file, &found).unwrap();
            }
            continue;
        }
        let wanted = fs::read_to_string(&file).unwrap_or_default();
        if wanted.trim() != found.trim() {
            wrong.push(format!("{}\n--- wanted\n{wanted}\n+++ found\n{found}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
