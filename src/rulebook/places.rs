//! Files that are routes by where they stand: which they are, and the address that their place says.

use super::model::FileModel;

impl FileModel {
    /// Can a file be one of these, wherever the part of the project that it belongs to begins?
    pub fn may_be(&self, path: &str) -> bool {
        if self.below.is_empty() {
            return path.rsplit('/').next().is_some_and(|name| self.is_named(name));
        }
        let starts = std::iter::once(0).chain(path.match_indices('/').map(|(i, _)| i + 1));
        starts.into_iter().any(|i| self.address(&path[i..]).is_some())
    }

    /// The address of a file, when it is one of these; `path` is relative to its part of the project.
    pub fn address(&self, path: &str) -> Option<String> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        if !self.is_named(file) {
            return None;
        }
        let inside = |root: &str| match root {
            "" => Some(folder),
            _ if folder == root => Some(""),
            _ => folder.strip_prefix(root)?.strip_prefix('/'),
        };
        let folder = match self.below.is_empty() {
            true => folder,
            false => self.below.iter().find_map(|root| inside(root))?,
        };
        let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
        if self.names.iter().any(|n| n == "*") && !self.names.iter().any(|n| n == stem(file)) {
            parts.push(stem(file));
        }
        if let Some(split) = self.split.chars().next() {
            parts = parts.into_iter().flat_map(|p| parts_of(p, split)).collect();
        }
        if parts.iter().any(|p| self.not.iter().any(|n| fits(n, p))) {
            return None;
        }
        let shown = parts.into_iter().filter(|p| !self.hidden.iter().chain(&self.index).any(|h| fits(h, p)));
        let mut out = self.at.trim_end_matches('/').to_string();
        for part in shown {
            out.push('/');
            out.push_str(&self.segment(part));
        }
        Some(out)
    }

    fn is_named(&self, file: &str) -> bool {
        file.contains('.') && self.names.iter().any(|n| n == "*" || n == stem(file))
    }

    fn segment(&self, part: &str) -> String {
        if self.parameter.is_empty() {
            // `[id=integer]`: a name and what it must look like.
            return match part.split_once('=') {
                Some((name, _)) if part.starts_with('[') => format!("{name}]"),
                _ => part.to_string(),
            };
        }
        let part = part.trim_start_matches('(').trim_end_matches([')', '_', '+']);
        let plain = part.replace(['[', ']'], "");
        match plain.strip_prefix(self.parameter.as_str()) {
            Some("") => "*".into(),
            Some(name) => format!(":{name}"),
            None => plain,
        }
    }
}

/// A part is not split where it stands in brackets: `sitemap[.]xml`.
fn parts_of(part: &str, split: char) -> Vec<&str> {
    let mut inside = false;
    part.split(|c| {
        inside = (inside || c == '[') && c != ']';
        c == split && !inside
    })
    .collect()
}

/// The name of a file without its ending.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// `(*)`, `_*`, `index`: one star at most.
fn fits(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((before, after)) => {
            part.len() >= before.len() + after.len() && part.starts_with(before) && part.ends_with(after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<crate::source::Str> {
        all.iter().map(|t| (*t).into()).collect()
    }

    fn model(below: &[&str], names: &[&str]) -> FileModel {
        FileModel {
            concept: &crate::concepts::CONCEPTS[0],
            below: texts(below),
            names: texts(names),
            index: texts(&["index"]),
            hidden: texts(&["(*)", "@*"]),
            not: texts(&["_*"]),
            split: "".into(),
            parameter: "".into(),
            at: "".into(),
            exports: Vec::new(),
            paths: Vec::new(),
            line: 0,
        }
    }

    #[test]
    fn folders_are_paths() {
        let files = model(&["app", "src/app"], &["route"]);
        assert_eq!(files.address("src/app/(shop)/api/[id]/route.ts").as_deref(), Some("/api/[id]"));
        assert_eq!(files.address("app/route.ts").as_deref(), Some(""));
        assert_eq!(files.address("app/_lib/route.ts"), None);
        assert_eq!(files.address("lib/app/route.ts"), None);
        assert!(files.may_be("apps/web/app/x/route.ts") && !files.may_be("apps/web/app/x/page.tsx"));
    }

    #[test]
    fn names_are_parts_of_paths() {
        let mut files = model(&["pages/api"], &["*"]);
        files.at = "/api".into();
        assert_eq!(files.address("pages/api/users/[id].ts").as_deref(), Some("/api/users/[id]"));
        assert_eq!(files.address("pages/api/users/index.ts").as_deref(), Some("/api/users"));
        let mut flat = model(&["app/routes"], &["*"]);
        flat.split = ".".into();
        flat.parameter = "$".into();
        flat.index = texts(&["_index"]);
        flat.hidden = texts(&["_*"]);
        flat.not = Vec::new();
        assert_eq!(flat.address("app/routes/_auth.users.$id_.edit.tsx").as_deref(), Some("/users/:id/edit"));
        assert_eq!(flat.address("app/routes/files.$.ts").as_deref(), Some("/files/*"));
        assert_eq!(
            flat.address("app/routes/_app.orgs.$slug/route.tsx").as_deref(),
            Some("/orgs/:slug/route")
        );
        assert_eq!(flat.address("app/routes/admin+/site[.]map.ts").as_deref(), Some("/admin/site.map"));
    }
}
