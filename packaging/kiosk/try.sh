#!/bin/bash
# Tries the kiosk's session on a display in memory: does the window fill it, does it come back, does anything
# else come up?   packaging/kiosk/try.sh [a built antrean] [a picture to write]
# Called by `make try-kiosk`. Needs Xvfb and what the session needs; touches no real display.
set -eu
cd "$(dirname "$0")/../.."
antrean=$(readlink -f "${1:-target/debug/antrean}")
picture=${2:-}
size=${KIOSK_SIZE:-1080x1920}
folder=$(mktemp -d)
session=""

cleanup() {
    [ -z "$session" ] || kill "$session" 2> /dev/null || true
    [ -z "$session" ] || wait "$session" 2> /dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

wrong() {
    echo "wrong: $*" >&2
    echo "--- what the session said:" >&2
    tail -40 "$folder/log" >&2
    exit 1
}
right() { echo "right: $*"; }

within() { # seconds, a command that succeeds once what is waited for is there
    local left=$(($1 * 10))
    shift
    until "$@"; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.1
    done
}

# What runs in the session: Antrean, which says first on which display and as which process.
cat > "$folder/antrean" <<LAUNCH
#!/bin/sh
echo "\$DISPLAY \$XAUTHORITY" > "$folder/display"
echo \$\$ > "$folder/pid"
exec "$antrean" run --demo --config "$folder/antrean.toml" --data "$folder/data" --listen 127.0.0.1:0
LAUNCH
chmod 755 "$folder/antrean"
cp config/holidays-*.toml "$folder/"
sed 's/^window = .*/window = "full"/' config/antrean.toml > "$folder/antrean.toml"

open_session() { # a display server
    rm -f "$folder/pid"
    KIOSK_COMMAND="$folder/antrean" KIOSK_SERVER=$1 packaging/kiosk/antrean-session 2> "$folder/log" &
    session=$!
}
left() { ! kill -0 "$session" 2> /dev/null; }
leaves() {
    local status=0
    within 20 left || wrong "the session does not leave"
    wait "$session" || status=$?
    session=""
    [ $status = 0 ] || wrong "the session left with $status instead of 0"
}
said() { grep -q "$1" "$folder/log"; }

open_session "Xvfb -screen 0 ${size}x24"
within 60 test -s "$folder/pid" || wrong "the session did not start Antrean"
read -r DISPLAY key < "$folder/display"
! DISPLAY=$DISPLAY XAUTHORITY=/dev/null xset q > /dev/null 2>&1 || wrong "another account may draw on the display and read its keys"
export DISPLAY XAUTHORITY="$key"
pid() { cat "$folder/pid"; }
size=$(xdotool getdisplaygeometry | tr ' ' x)

windows() { xdotool search --onlyvisible --pid "$(pid)" 2> /dev/null; }
fills() {
    local window
    for window in $(windows); do
        ! xwininfo -id "$window" | grep -q -- "-geometry $size+0+0" || return 0
    done
    return 1
}
colours() { import -window root -format %k info:; }
drawn() { [ "$(colours)" -gt 50 ]; }

within 60 fills || wrong "the window does not fill $size"
within 30 drawn || wrong "the display stays empty"
# The first screen is drawn, and nothing on it moves before the next minute.
sleep 3
right "the window fills $size"
[ -z "$picture" ] || import -window root "$picture"

# Everything that could bring up a menu, another window, or end it.
everything() { xwininfo -root -tree | grep -c '^ *0x'; }
windows_before=$(everything)
pid_before=$(pid)
for keys in alt+F4 alt+Tab alt+space alt+Escape super super+e super+d ctrl+Escape ctrl+q ctrl+w ctrl+c \
    ctrl+alt+t ctrl+alt+Delete ctrl+alt+BackSpace ctrl+alt+F2 ctrl+alt+Left F1 F10 F11 F12 Escape Menu Print; do
    xdotool key "$keys" || wrong "the display is gone before $keys"
done
for button in 2 3 4 5 8 9; do
    xdotool mousemove 5 5 click $button mousemove 400 5 click $button || wrong "the display is gone before button $button"
done
xdotool mousemove 5 5 keydown alt mousedown 1 mousemove 300 300 mouseup 1 mousedown 3 mousemove 200 200 mouseup 3 keyup alt
sleep 2
{ [ "$(pid)" = "$pid_before" ] && kill -0 "$pid_before"; } || wrong "a key or a click ended Antrean"
[ "$(everything)" = "$windows_before" ] || wrong "a key or a click brought a window up: $(xwininfo -root -tree)"
fills || wrong "a key or a click moved the window"
right "no key and no click brings anything up"

kill -KILL "$pid_before"
came_back() { [ "$(pid)" != "$pid_before" ] && fills && drawn; }
within 30 came_back || wrong "Antrean did not come back after it was killed"
right "it comes back after a kill"

manager=$(pgrep -P "$session" openbox)
kill -KILL "$manager"
managed_again() { local now; now=$(pgrep -P "$session" openbox) && [ "$now" != "$manager" ]; }
within 20 managed_again || wrong "the window manager did not come back"
within 20 fills || wrong "the window does not fill the display under the new window manager"
right "so does the window manager"

kill -TERM "$(pid)"
leaves
! said 'command not found\|unbound variable\|cannot be arranged\|no display is connected' || wrong "the session had trouble of its own"
right "it leaves when Antrean is told to"

open_session false
within 60 said 'console and lobby: http' || wrong "without a display nothing is served"
said 'does not start' || wrong "the session does not say that there is no display"
kill -TERM "$session"
leaves
right "without a display the counters are served, and the session leaves when it is told to"
