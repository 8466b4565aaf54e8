#!/bin/sh
# The long forms of everything that is broken on purpose, one after the other; `make chaos` calls this.
# What each part did is told in lines of counts; the first that finds something wrong ends it.
set -eu

if [ "$(id -u)" != 0 ]; then
    echo "The power cuts mount a disk: run this as root." >&2
    exit 1
fi

part() { # name of the test file, filter and flags
    file=$1
    shift
    echo "== $file $* =="
    cargo test --release --locked --test "$file" -- --nocapture "$@" | tee target/chaos-part
    if grep -q '^running 0 tests' target/chaos-part || ! grep -q '^test result: ok' target/chaos-part; then
        echo "== it failed, or nothing was tried ==" >&2
        exit 1
    fi
}

ANTREAN_KILLS=9800 part crash rush::killed_at_random_under_load
ANTREAN_WINDOW_KILLS=200 xvfb-run -a -s "-screen 0 1080x1920x24" \
    cargo test --release --locked --test crash -- --nocapture --ignored window
ANTREAN_CALL_STEP=1 part crash every_call --test-threads 2
ANTREAN_CUT_STEP=1 part crash tape --test-threads 1
ANTREAN_CUTS=200 ANTREAN_CONTROL_CUTS=30 part crash --ignored cuts --test-threads 1
ANTREAN_SLOW_MS=12000 part crash slow
ANTREAN_FLASH_TICKETS=2000 part crash flash
ANTREAN_FLIP_STEP=37 part damage
ANTREAN_CHAOS=20 part network
ANTREAN_ANYTHING=50000 part api anything
ANTREAN_CASES=20000 part anything
