# For the tests of this folder: a secret that nobody may read, and an address that nobody may call.

HERE=$SOURCE/tests/sandbox
MARK=TOPSECRET

# secret.{txt,wav,mkv,ts}, a listener on $port. The sound of the secret is its words, so that they
# are seen in whatever carries it uncompressed.
prepare() {
    mkdir in net
    printf "$MARK%.0s" $(seq 1000) >secret.txt
    { printf 'RIFF\x4c\x23\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x12\0\0\x80\x25\0\0\x02\0\x10\0data\x28\x23\0\0'; cat secret.txt; } >secret.wav
    ffmpeg -nostdin -v error -i secret.wav -c copy secret.mkv
    cp "$FILES/tiny/clip.mov" secret.ts
    python3 "$HERE/hostile.py" listen net &
    listener=$!
    trap 'kill $listener' EXIT
    while [ ! -e net/port ]; do sleep 0.02; done
    port=$(cat net/port)
}

# expect_kept OUT: of the last run into it
expect_kept() {
    if grep -rqa "$MARK" "$1" "$said"; then fail "the secret is in $(grep -rla "$MARK" "$1" "$said")"; fi
    [ ! -s net/connections ] || fail "connections: $(cat net/connections)"
    [ "$(find . "$home" -name '*escaped*')" = "" ] || fail "a file escaped"
}
