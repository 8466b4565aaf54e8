#!/bin/sh
# Makes the pictures of the README from the product itself: a window under Xvfb that is tapped, and the
# pages in headless Chromium, driven over WebDriver. Called by `make pictures`.
set -eu
cd "$(dirname "$0")/../.."
folder=docs/pictures
data=$(mktemp -d)
port=8093
driver_port=9517
export DISPLAY=:93

running=""
cleanup() {
    # shellcheck disable=SC2086 # a list of process ids
    kill $running 2>/dev/null || true
    rm -rf "$data"
}
trap cleanup EXIT

wait_for() { # a command that succeeds once what is waited for is there
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { echo "never came: $*" >&2; exit 1; }
        sleep 0.1
    done
}

Xvfb $DISPLAY -screen 0 1080x1920x24 >/dev/null 2>&1 &
running="$! $running"
wait_for xdotool getdisplaygeometry
openbox >/dev/null 2>&1 &
running="$! $running"
./target/release/antrean token --name pictures --scope issue --json > "$data/token"
sed 's/^window = .*/window = "full"/' config/antrean.toml > "$data/antrean.toml"
jq -r .toml "$data/token" >> "$data/antrean.toml"
./target/release/antrean run --demo --config "$data/antrean.toml" --data "$data/data" --listen 127.0.0.1:$port 2>"$data/log" &
running="$! $running"
wait_for curl -sf http://127.0.0.1:$port/healthz
chromedriver --port=$driver_port >/dev/null 2>&1 &
running="$! $running"
wait_for curl -sf http://127.0.0.1:$driver_port/status

# A browser of its own for each screen: prints the session's address.
browser() { # width height
    arguments="[\"--headless=new\",\"--no-sandbox\",\"--disable-gpu\",\"--disable-background-networking\",\"--hide-scrollbars\",\"--window-size=$1,$2\"]"
    id=$(curl -s http://127.0.0.1:$driver_port/session -d "{\"capabilities\":{\"alwaysMatch\":{\"goog:chromeOptions\":{\"args\":$arguments}}}}" | jq -r .value.sessionId)
    session=http://127.0.0.1:$driver_port/session/$id
    # The window's frame is not part of the page.
    extra=$(run "$session" "return [window.outerWidth - innerWidth, window.outerHeight - innerHeight]")
    curl -s "$session/window/rect" -d "{\"width\":$(($1 + $(echo "$extra" | jq '.[0]'))),\"height\":$(($2 + $(echo "$extra" | jq '.[1]')))}" >/dev/null
    echo "$session"
}
open() { curl -s "$1/url" -d "{\"url\":\"http://127.0.0.1:$port$2\"}" >/dev/null; }
run() { jq -n --arg script "$2" '{script: $script, args: []}' | curl -s "$1/execute/sync" -d @- | jq -c .value; }
picture() { curl -s "$1/screenshot" | jq -r .value | base64 -d > "$folder/$2.png"; }
tap() { xdotool mousemove "$1" "$2" click 1; sleep 1; }
press() { # a key on the console's page
    run "$1" "dispatchEvent(new KeyboardEvent('keydown', { key: '$2', bubbles: true }))" >/dev/null
    sleep 1
}
sign_in() { # session staff counter page
    open "$1" /console
    run "$1" "document.getElementById('staff').value = '$2'; document.getElementById('counter').value = '$3'; document.querySelector('[name=pin]').value = '246810'; document.forms[0].submit()" >/dev/null
    sleep 1
    open "$1" "$4"
    sleep 1
}
shrink() { mogrify -resize "$2" -strip -colors 96 "$folder/$1.png"; }

# A morning: some visitors before ours.
clerk=$(browser 1366 768)
open "$clerk" /console
picture "$clerk" sign-in
sign_in "$clerk" demo-dukcapil loket-3 /console
for service in ktp kk ktp akta-lahir paspor paspor pbb jht nib tunai tunai jkn-ubah jkn-daftar; do
    curl -sf http://127.0.0.1:$port/api/v1/tickets -H "Authorization: Bearer $(jq -r .token "$data/token")" \
        -H 'Content-Type: application/json' \
        -d "{\"service\": \"$service\"}" >/dev/null
done
sleep 1
import -window root "$folder/kiosk-home.png"
tap 270 470
import -window root "$folder/kiosk-services.png"
tap 300 560
wait_for sh -c "ls $data/data/preview/printer-1/*.png"
sleep 2
import -window root "$folder/kiosk-ticket.png"
cp "$(find "$data/data/preview/printer-1" -name '*.png' | sort | tail -1)" "$folder/slip.png"

tv=$(browser 1920 1080)
open "$tv" /lobby
press "$clerk" " "
press "$clerk" m
press "$clerk" " "
# The number blinks twice before it stands.
sleep 4
picture "$tv" lobby
picture "$clerk" console

# Whoever runs the hall, each on a page of their own.
desk=$(browser 1366 768)
sign_in "$desk" demo-desk "" /desk
picture "$desk" desk
supervisor=$(browser 1366 768)
sign_in "$supervisor" demo-supervisor "" /supervisor
picture "$supervisor" supervisor
technician=$(browser 1366 900)
sign_in "$technician" demo-technician "" /status
picture "$technician" status

for session in "$clerk" "$tv" "$desk" "$supervisor" "$technician"; do curl -s -X DELETE "$session" >/dev/null; done
for name in kiosk-home kiosk-services kiosk-ticket; do shrink $name 540x; done
for name in console sign-in desk supervisor status; do shrink $name 1024x; done
shrink lobby 1024x
shrink slip 384x
