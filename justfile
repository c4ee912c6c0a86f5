# What .ci runs.
check:
    .ci/run

test *ARGS:
    cargo test --locked {{ARGS}}

# Write anew what tests compare: schema, documentation, indexes, command line cases, snapshots.
update:
    UPDATE=1 TRYCMD=overwrite INSTA_UPDATE=always cargo test --locked

fmt:
    cargo fmt

scan *ARGS:
    cargo run --release --locked -- {{ARGS}}
