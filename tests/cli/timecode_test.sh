# Which timecode an output has, as ffprobe alone reads it.
# Label: media

REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }
timecode() { ffprobe -v error -show_entries "$2_tags=timecode" -of csv=p=0 "$1" | sort -u | tr -d '\n'; }
run() { expect_exit "${1:-0}" rushes run p.yaml in -o out; }

# Which pictures are missing lowers the average rate, not what a timecode counts (SMPTE ST 12-1).
test_a_copy_that_lacks_pictures_counts_at_its_nominal_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=30000/1001:duration=4 -c:v libx264 -preset ultrafast whole.mp4
    ff -i whole.mp4 -c copy -timecode '01:00:00;00' -bsf:v "noise=drop='between(n,50,54)'" in/drop.mp4
    ff -i whole.mp4 -c copy -timecode 10:00:00:00 -bsf:v "noise=drop='gte(n,9)*eq(mod(n,15),0)'" in/even.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mov: {to: "${stem}.mov", keep: timecode, encode: {container: mov, video: {codec: copy}}}
  mp4: {to: "${stem}.mp4", keep: timecode, encode: {container: mp4, video: {codec: copy}}}
Y
    run
    local container
    for container in mov mp4; do
        expect "$(timecode out/drop.$container stream)" '01:00:00;00' "$container with drop frames"
        expect "$(timecode out/even.$container stream)" 10:00:00:00 "$container without"
        expect "$(ffprobe -v error -select_streams d -show_entries stream=avg_frame_rate -of csv=p=0 out/even.$container)" \
            30000/1001 "the rate of the timecode in $container"
    done
}
