#!/bin/sh
# Speaks every line of clips.txt with espeak-ng and writes it to id/NAME.ogg.
#   make.sh            all clips
#   make.sh NAME…      only these
# Needs espeak-ng, sox and vorbis-tools; building the product needs none of them.
# The same versions of these make the same files.
set -eu
cd "$(dirname "$0")"

words_per_minute=135
pitch=42           # of 0 to 99; lower than espeak-ng's own 50
loudness_db=-18    # mean level of every clip, dB below full scale
ceiling_db=-2      # no sample is above it
rate_hz=44100      # speech of espeak-ng ends at 11 kHz; doubled here, where it is done well

for tool in espeak-ng sox oggenc; do
    command -v "$tool" >/dev/null || {
        echo "$tool is missing: apt-get install espeak-ng sox vorbis-tools" >&2
        exit 1
    }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What sox measures of a file, in dB: "RMS lev dB", "Pk lev dB".
level() { # file, what
    sox "$1" -n stats 2>&1 | awk -v what="$2" 'index($0, what) == 1 { print $NF }'
}

# espeak-ng takes the e of these words for that of "meja"; it is that of "besar".
as_spoken() {
    printf '%s' "$1" | sed \
        -e "s/\bbelas\b/[[b@l'as]]/g" \
        -e "s/\bsebelas\b/[[s@b@l'as]]/g" \
        -e "s/\bempat\b/[[@mp'at]]/g" \
        -e "s/\benam\b/[[@n'am]]/g" \
        -e "s/\bsedang\b/[[s@d'aN]]/g" \
        -e "s/\bSentuh\b/[[s@nt'uh]]/g" \
        -e "s/\bTetap\b/[[t@t'ap]]/g" \
        -e "s/\bKetenagakerjaan\b/[[k@t@n,agak@RdZ'a_|an]]/g"
}

# Without the silence around it, evenly loud, and with soft edges.
clip() { # name, text
    espeak-ng -v id -s "$words_per_minute" -p "$pitch" -w "$work/said.wav" -- "$(as_spoken "$2")"
    sox -D "$work/said.wav" -b 32 -e floating-point "$work/bare.wav" rate -v "$rate_hz" highpass 70 \
        silence 1 0.01 0.4% reverse silence 1 0.01 0.4% reverse
    # The peaks of a loud consonant are pressed down until the whole may be brought to its level.
    gain=$(level "$work/bare.wav" "RMS lev dB" | awk -v to="$loudness_db" '{ print to - $1 }')
    sox -D "$work/bare.wav" "$work/even.wav" gain -l "$gain"
    peak=$(level "$work/even.wav" "Pk lev dB")
    down=$(awk -v peak="$peak" -v most="$ceiling_db" 'BEGIN { print (peak > most ? most - peak : 0) }')
    sox -D "$work/even.wav" -b 16 "$work/clip.wav" gain "$down" fade t 0.004 0 0.012 pad 0.01 0.02
    oggenc --quiet --quality -1 --serial 1 --discard-comments --output "id/$1.ogg" "$work/clip.wav"
}

mkdir -p id
tab=$(printf '\t')
while IFS="$tab" read -r name text; do
    if [ $# = 0 ]; then
        clip "$name" "$text"
    else
        for wanted; do
            [ "$wanted" != "$name" ] || clip "$name" "$text"
        done
    fi
done <clips.txt
echo "$(find id -name '*.ogg' | wc -l) clips, $(find id -name '*.ogg' -exec cat {} + | wc -c) bytes"
