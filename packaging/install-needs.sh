#!/bin/sh
# Installs what building or running the kiosk needs on Debian, and says why.
#   install-needs.sh build   what the compiler, the linker and the tests need
#   install-needs.sh run     what the window needs besides
#   install-needs.sh kms     what the compiler and the linker need for a kiosk without X11 and Wayland
#   install-needs.sh try-kiosk   what the kiosk's session needs, and a display in memory to try it on
#   install-needs.sh try-deb   what the package is tried with
#   install-needs.sh chaos   what power cuts and kills with a window are tried with
#   install-needs.sh pictures   what draws the README's pictures besides
# Root is asked for only when something is missing.
set -eu

missing=""
need() { # package, reason
    if ! dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; then
        echo "missing: $1 - $2"
        missing="$missing $1"
    fi
}

need pkg-config "finds the font library while building"
need libfontconfig-dev "headers of the font library the window is linked with"
need libasound2-dev "headers of the sound library the voice is linked with"
if [ "${1:-build}" = build ]; then
    need chromium-driver "the browser in which the pages are tested"
    need faketime "shows the program wrong clocks"
    need xvfb "a display in memory, on which the window is made to hang"
fi
case ${1:-build} in
    build | kms | try-deb) for_window="" ;;
    *) for_window=yes ;;
esac
if [ "${1:-build}" = kms ]; then
    need libudev-dev "headers of what finds the touch screen"
    need libinput-dev "headers of what reads the touch screen"
    need libxkbcommon-dev "headers of what reads the keyboard"
fi
if [ -n "$for_window" ]; then
    need libx11-6 "talks to the display"
    need libx11-xcb1 "talks to the display"
    need libxcursor1 "draws the pointer"
    need libxi6 "reads the touch screen"
    need libxkbcommon-x11-0 "reads the keyboard"
    need fonts-dejavu-core "the font library does not start without any font"
fi
if [ "${1:-build}" = try-kiosk ]; then
    need xvfb "a display without a screen"
    need openbox "makes the window fill it"
    need x11-xserver-utils "turns the picture and sets the screen saver"
    need x11-utils "says which windows there are"
    need xdotool "the finger and the keyboard"
    need imagemagick "looks whether something is drawn"
    need procps "finds the window manager"
fi
if [ "${1:-build}" = pictures ]; then
    need xvfb "a display without a screen"
    need openbox "makes the window fill it"
    need xdotool "the finger"
    need imagemagick "takes and shrinks pictures"
    need chromium-driver "the browser for the pages"
    need curl "talks to the browser"
    need jq "reads what it answers"
fi
if [ "${1:-build}" = chaos ]; then
    need xvfb "a display without a screen"
    need xauth "lets the window onto it"
    need e2fsprogs "makes the disk that loses its power"
    need xfsprogs "shuts it down under the box"
    need util-linux "mounts it"
fi
if [ "${1:-build}" = try-deb ]; then
    need mmdebstrap "makes the fresh Debian in which the package is tried"
    need systemd-container "boots it"
    need python3 "reads what the box answers"
    need procps "finds who runs"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "This is not Debian. Install these packages, or what they are called here:$missing" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null; then
    as_root="sudo"
    echo "sudo is used to install them."
else
    echo "Run this as root, then try again: apt-get install -y$missing" >&2
    exit 1
fi
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of package names
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
