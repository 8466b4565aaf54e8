#!/bin/bash
# Installs, upgrades, removes and purges the package in a fresh Debian 12, and looks after every step.
#   packaging/try-deb.sh [a built .deb]
# Called by `make try-deb`. Needs root, mmdebstrap and systemd-container. The fresh root is kept as a tar in
# target/try-deb; its packages come from where this computer's apt takes them.
# The root is booted by systemd-nspawn, with a network of its own that has nothing but itself.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
package=${1:-$(find "$target/debian" -name 'antrean_*.deb' | sort | tail -1)}
work=$target/try-deb
booted=""

[ "$(id -u)" = 0 ] || { echo "try-deb needs root, to make one" >&2; exit 2; }
[ -f "$package" ] || { echo "no package; make deb builds it" >&2; exit 2; }
root=$(mktemp -d)

right() { echo "right: $*"; }
wrong() {
    echo "wrong: $*" >&2
    [ -z "$booted" ] || inside journalctl --no-pager -n 40 -u antrean >&2 || true
    exit 1
}
check() { # what must be true, and the command that says so
    local what=$1
    shift
    "$@" > "$work/said" 2>&1 || { cat "$work/said" >&2; wrong "$what"; }
    right "$what"
}
within() { # seconds, a command that succeeds once what is waited for is there
    local left=$(($1 * 5))
    shift
    until "$@" > /dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.2
    done
}
leader() { pgrep -P "$booted" -x systemd; }
inside() {
    if [ -n "$booted" ]; then
        nsenter -t "$(leader)" -m -u -i -n -p -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
    else
        env DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@"
    fi
}
stop() {
    [ -n "$booted" ] || return 0
    kill -TERM "$booted" 2> /dev/null || true
    within 20 sh -c "! kill -0 $booted" || kill -KILL "$booted" 2> /dev/null || true
    wait "$booted" 2> /dev/null || true
    booted=""
}
cleanup() {
    stop
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT

# A fresh Debian 12, made once.
mkdir -p "$work"
if [ ! -s "$work/base.tar" ]; then
    mmdebstrap --variant=minbase --include=systemd,systemd-sysv,dbus,udev,init-system-helpers,curl,libnss-systemd \
        bookworm "$work/base.tar.new" /etc/apt/sources.list.d/debian.sources
    mv "$work/base.tar.new" "$work/base.tar"
fi
tar -C "$root" --numeric-owner -xf "$work/base.tar"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"

# The next version: the same files, another default config, as it would have.
version=$(dpkg-deb -f "$package" Version)
later=${version%-*}+next-1
rm -rf "$work/next"
dpkg-deb -R "$package" "$work/next"
sed -i "s/^Version: .*/Version: $later/" "$work/next/DEBIAN/control"
echo "# The next version's default." >> "$work/next/etc/antrean/antrean.toml"
sed -i '/^# Setelah/d' "$work/next/etc/antrean/kiosk.env"
dpkg-deb --root-owner-group -Zgzip -z1 -b "$work/next" "$work/next.deb" > /dev/null
rm -rf "$work/next"
mkdir -p "$root/srv/try"
cp "$package" "$root/srv/try/antrean.deb"
cp "$work/next.deb" "$root/srv/try/next.deb"

# Install, as a technician does, and before anything runs.
inside apt-get update -q > /dev/null
check "apt installs $version and what it needs" inside apt-get install -y -q --no-install-recommends /srv/try/antrean.deb
for file in /usr/bin/antrean /usr/lib/antrean/antrean-session /usr/lib/antrean/openbox.xml /etc/antrean/antrean.toml \
    /etc/antrean/holidays-2026.toml /etc/antrean/kiosk.env /etc/pam.d/antrean-kiosk \
    /usr/lib/udev/rules.d/70-antrean-printer.rules /usr/share/polkit-1/rules.d/antrean.rules \
    /usr/share/doc/antrean/teknisi.md /usr/share/doc/antrean/petugas.md /usr/share/doc/antrean/copyright; do
    inside test -s $file || wrong "$file is missing"
done
right "every file is there"
is() { [ "$(inside stat -c '%a %U %G' "$1")" = "$2" ]; }
check "the data folder is the box's alone" is /var/lib/antrean "750 antrean antrean"
check "the config folder is closed to strangers" is /etc/antrean "750 root antrean"
check "the account may use lines and sound" sh -c "chroot $root id -Gn antrean | grep -q dialout && chroot $root id -Gn antrean | grep -q audio"
check "the units are well-formed" inside systemd-analyze verify /usr/lib/systemd/system/antrean.service /usr/lib/systemd/system/antrean-kiosk.service
check "the service is hardened to 1.5 or better" inside systemd-analyze security --offline=true --threshold=15 /usr/lib/systemd/system/antrean.service
check "the config as it comes is right" inside antrean check --config /etc/antrean/antrean.toml
check "the service starts by itself" inside systemctl is-enabled antrean
check "the kiosk does not" sh -c "! chroot $root systemctl is-enabled antrean-kiosk"

# A program that may issue: the config is now the technician's own.
token=$(inside antrean token --name try --scope issue --json)
printf '%s' "$token" | python3 -c 'import json, sys; print("\n" + json.load(sys.stdin)["toml"])' >> "$root/etc/antrean/antrean.toml"
bearer=$(printf '%s' "$token" | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
# The house may be closed today; the box of this trial is open whenever it is tried.
python3 - "$root/etc/antrean/antrean.toml" <<'OPEN'
import re, sys
text = open(sys.argv[1]).read()
text = re.sub(r'^(mon|tue|wed|thu|fri|sat|sun) = .*$', r'\1 = ["00:00-23:59"]', text, flags=re.M)
text = re.sub(r'^fri_break = .*$', '', text, flags=re.M)
text = re.sub(r'^file = "holidays.*$', '', text, flags=re.M)
open(sys.argv[1], "w").write(text)
OPEN
check "the config is right with it" inside antrean check --config /etc/antrean/antrean.toml

boot() {
    systemd-nspawn -q --register=no --keep-unit --private-network -M "antrean-try-$$" -D "$root" -b > "$work/boot.log" 2>&1 &
    booted=$!
    within 30 leader || { tail -5 "$work/boot.log" >&2; wrong "this machine does not boot a root with systemd-nspawn"; }
    within 60 inside systemctl is-active multi-user.target || wrong "the root does not come up"
}
number() { # the number that a visitor gets
    inside curl -sf -X POST http://127.0.0.1:8080/api/v1/tickets -H "Authorization: Bearer $bearer" \
        -H 'Content-Type: application/json' -d '{"service": "ktp"}' | python3 -c 'import json, sys; print(json.load(sys.stdin)["number"])'
}
gives() { [ "$(number)" = "$1" ]; }
serves() { inside curl -sf http://127.0.0.1:8080/healthz; }
pid() { inside systemctl show -P MainPID antrean; }

boot
check "the box comes up with the computer" within 60 serves
check "systemd knows it as active" within 30 inside systemctl is-active antrean
check "it runs as the user antrean" sh -c "[ \"\$(ps -o user= -p $(pgrep -f '^/usr/bin/antrean serve' | tail -1) | tr -d ' ')\" != root ]"
check "the first visitor holds A001" gives A001
check "the next one holds A002" gives A002
check "the journal finds what was committed by its fields" sh -c "[ \"\$(chroot $root journalctl -q -o cat F_EVENT=ticket_issued | wc -l)\" = 2 ]"
before=$(pid)
inside systemctl kill -s KILL antrean
another() { serves && [ "$(pid)" != "$before" ]; }
check "killed, it comes back by itself" within 30 another
check "and goes on with A003" gives A003

check "apt upgrades to $later" inside apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold /srv/try/next.deb
check "the new one runs" within 30 serves
check "numbers go on with A004" gives A004
check "the config is still the technician's" inside grep -q 'name = "try"' /etc/antrean/antrean.toml
check "the new default lies beside it" inside test -s /etc/antrean/antrean.toml.dpkg-dist
check "a config nobody touched is the new one" sh -c "! grep -q '^# Setelah' $root/etc/antrean/kiosk.env"

check "apt removes it" inside apt-get remove -y -q antrean
check "nothing runs any more" sh -c "! pgrep -f '^/usr/bin/antrean serve --service'"
check "the program is gone" inside test ! -e /usr/bin/antrean
check "the data stays" sh -c "ls $root/var/lib/antrean/*.db"
check "the config stays" inside test -s /etc/antrean/antrean.toml
check "installed again" inside apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold /srv/try/next.deb
check "it serves again" within 30 serves
check "and goes on with A005" gives A005

check "apt purges it" inside apt-get purge -y -q antrean
check "the config is gone" inside test ! -e /etc/antrean/antrean.toml
check "no unit is left enabled or masked" sh -c "! find $root/etc/systemd -name 'antrean*' | grep -q ."
check "the numbers of the day stay, for their owner to delete" sh -c "ls $root/var/lib/antrean/*.db"
right "all of it, with a booted systemd"
