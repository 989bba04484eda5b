# Photographs as deliverables: their colours, their tags, their size.
# Label: media

# A photograph with a name, and the profile of a press (libvips' own).
photo_and_press() {
    mkdir -p in
    cp "$FILES/tiny/photo.jpg" in/a.jpg
    vips icc_transform in/a.jpg cmyk.tif cmyk
    vipsheader -f icc-profile-data cmyk.tif | base64 -d > coated.icc
}

profile_of() { vipsheader -f icc-profile-data "$1" | base64 -d | md5sum; }

test_print_is_in_the_profile_of_the_press() {
    photo_and_press
    pipeline <<'Y'
outputs:
  print: {to: "${stem}.tif", encode: {image: {profile: coated.icc}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    vipsheader out/a.tif | grep -q cmyk || fail "not in CMYK"
    [ "$(profile_of out/a.tif)" = "$(md5sum < coated.icc)" ] || fail "another profile is embedded"
    expect_json out/.rushes/last/report.json '.outputs[0].steps[0] | startswith("converted from sRGB")'
    printf ' ' >> coated.icc
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "settings changed: profile"
}

test_press_profile_that_is_missing_is_pointed_at() {
    photo_and_press
    rm coated.icc
    pipeline <<'Y'
outputs:
  print: {to: "${stem}.tif", encode: {image: {profile: coated.icc}}}
Y
    expect_exit 2 rushes plan p.yaml in -o out
    expect_said err 'encode.image.profile: there is no file "coated.icc"'
}

# In the press's colours as they are, where nothing is done to them; beside it the web has its own.
test_master_of_cmyk_is_cmyk() {
    photo_and_press
    rm in/a.jpg
    mv cmyk.tif in/a.tif
    exiftool -q -overwrite_original -GeoTiffAsciiParams=here in/a.tif
    pipeline <<'Y'
outputs:
  master: {preset: tiff-master, to: "${stem}.tif"}
  small:  {steps: [resize: {width: 32}], encode: {image: {metadata: archive}}, to: "${stem}-small.tif"}
  web:    {to: "${stem}.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    vips subtract in/a.tif out/a.tif difference.v
    vipsheader out/a.tif | grep -q cmyk || fail "the master isn't in CMYK"
    [ "$(vips max difference.v | cut -d. -f1)$(vips min difference.v | cut -d. -f1)" = 00 ] || fail "its pixels are others"
    [ "$(profile_of out/a.tif)" = "$(md5sum < coated.icc)" ] || fail "its profile is another"
    vipsheader out/a.jpg | grep -q srgb || fail "the web's isn't in sRGB"
    lost() { jq -r ".outputs[] | select(.output == \"$1\") | .lost[], .steps[]" out/.rushes/last/report.json; }
    lost master | grep -q "1 unknown tag (34737)" || fail "the private tag isn't named: $(lost master)"
    lost master | grep -q "converted" && fail "the master was converted"
    lost small | grep -q "^CMYK: steps work in RGB" || fail "it isn't said that a resized one is RGB: $(lost small)"
}

# Half of a JPEG is decoded where that will do, whatever else is made of it.
test_a_size_has_the_same_bytes_alone_and_beside_others() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=640x480 -frames:v 1 in/a.jpg
    pipeline <<'Y'
outputs:
  large:  {steps: [resize: {width: 500}], to: "${stem}-500.jpg"}
  medium: {steps: [resize: {width: 200, light: linear}], to: "${stem}-200.jpg"}
  small:  {steps: [resize: {width: 80}], to: "${stem}-80.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o all
    for name in large medium small; do
        expect_exit 0 rushes run p.yaml in -o "$name" --only "main/$name"
        cmp "$name"/a-*.jpg all/"$(basename "$name"/a-*.jpg)" || fail "$name is another picture alone"
    done
}

# ICC.1:2010, 7.2: a header, and no tags at all.
test_profile_that_cannot_be_used_is_dropped_in_words() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 plain.jpg
    vips icc_export plain.jpg srgb.tif --output-profile srgb
    vipsheader -f icc-profile-data srgb.tif | base64 -d > whole.icc
    { printf '\0\0\0\204'; head -c 128 whole.icc | tail -c 124; printf '\0\0\0\0'; } > bare.icc
    { printf '\377\330\377\342\0\224ICC_PROFILE\0\1\1'; cat bare.icc; tail -c +3 plain.jpg; } > in/a.jpg
    pipeline <<'Y'
outputs:
  web: {to: "${stem}.jpg", encode: {image: {profile: display-p3}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[0].lost[], .outputs[0].steps[]] | any(contains("which can"))'
}

# So many pictures of one colour each; turned.jpg is stored lying.
colours_to_gather() {
    mkdir -p in/b
    ffmpeg -nostdin -v error -y -f lavfi -i color=red:size=640x480 -frames:v 1 in/p2.png
    ffmpeg -nostdin -v error -y -f lavfi -i color=lime:size=480x640 -frames:v 1 in/p10.png
    ffmpeg -nostdin -v error -y -f lavfi -i color=blue:size=300x300 -frames:v 1 in/b/p1.png
    ffmpeg -nostdin -v error -y -f lavfi -i color=white@0:size=640x480,format=rgba -frames:v 1 in/clear.png
    vips black lying.v 400 200 --bands 3
    vips linear lying.v yellow.v 0 '255 255 0' --uchar
    vips copy yellow.v in/turned.jpg
    exiftool -q -overwrite_original -n -Orientation=6 in/turned.jpg
}

colour_at() { vips getpoint "$1" "$2" "$3" | tr -s ' ' '\n' | sed 's/\..*//' | paste -sd' '; }

# Margin 10, a head of 16 and a gap of 6: places of 230 x 230 begin at 10, 32, and each has a line of
# 16 below it and 6 to the next.
test_contact_sheet_shows_all_stills_of_a_job() {
    colours_to_gather
    pipeline <<'Y'
jobs:
  shoot:
    inputs: {include: ["**/*"]}
    outputs:
      sheet:
        each: job
        steps: [contact_sheet: {columns: 4, width: 960, color: "#102030"}]
        to: sheet.png
      small: {steps: [resize: {width: 32}], to: "small/${stem}.png"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(vipsheader -f width out/sheet.png)x$(vipsheader -f height out/sheet.png)" = 960x540 ] ||
        fail "the sheet is $(vipsheader out/sheet.png)"
    [ "$(colour_at out/sheet.png 125 147)" = "$(colour_at in/b/p1.png 9 9)" ] || fail "b/p1.png isn't first"
    [ "$(colour_at out/sheet.png 361 147)" = "16 32 48" ] || fail "what is clear isn't the ground"
    [ "$(colour_at out/sheet.png 597 147)" = "$(colour_at in/p2.png 9 9)" ] || fail "p2.png isn't third"
    [ "$(colour_at out/sheet.png 833 147)" = "$(colour_at in/p10.png 9 9)" ] || fail "p10.png isn't fourth"
    [ "$(colour_at out/sheet.png 125 300)" = "255 255 0" ] || fail "turned.jpg isn't upright"
    [ "$(colour_at out/sheet.png 40 399)" = "16 32 48" ] || fail "turned.jpg isn't upright"
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | select(.output == "sheet") | .steps[]] | index("contact sheet of 5 stills, 4 by 2") != null'
    [ "$(find out/small -name '*.png' | wc -l)" = 5 ] || fail "the others aren't made"
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "up to date"
}

test_contact_sheet_goes_on_without_an_unreadable_still_where_allowed() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i color=red:size=64x48 -frames:v 1 in/a.png
    echo nothing > in/b.png
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  sheet: {each: job, steps: [contact_sheet: {width: 320}], to: sheet.png}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | startswith("b.png: ")'
    echo 'damaged: allow' >> p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_said err "main/sheet: goes on without b.png: "
    expect_json out/.rushes/last/report.json '.status == "failed" and .outputs[0].status == "done"'
    expect_json out/.rushes/last/report.json \
        '.unread | map([.output, .input, .error.class]) == [["sheet", "b.png", "unsupported"]]'
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].status == "up_to_date" and (.unread | length) == 1'
    expect_exit 0 rushes status out
    expect_said out "1 input can't be read"
    expect_exit 0 rushes status out --json
    expect_json "$said/out" '.unread == 1'
}

test_what_of_a_tiff_an_archive_cannot_keep_is_told_as_lost() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 -pix_fmt rgb24 in/a.tif
    vips arrayjoin "in/a.tif in/a.tif" two.v --across 1
    vips tiffsave two.v in/b.tif --page-height 48
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 -pix_fmt gbrpf32le in/c.exr
    exiftool -q -overwrite_original -PageName=front -PageNumber="2 7" -XPosition=1.5 -TargetPrinter=press \
        -WhitePoint="0.3127 0.329" -XMP-exif:DateTimeDigitized="2020:01:02 03:04:05" in/a.tif
    pipeline <<'Y'
inputs: {trust: [exr]}
outputs:
  master: {encode: {image: {format: tiff, metadata: archive}}, to: "${stem}.tif"}
  web: {encode: {image: {format: jpeg}}, to: "${stem}.jpg"}
  pages: {encode: {image: {format: png}}, keep: [tracks], to: "${stem}.png"}
Y
    expect_exit 3 rushes run p.yaml in -o out
    exiftool -s3 -PageName -PageNumber -XPosition -TargetPrinter out/a.tif | paste -sd, | grep -q "^front,2 7,1.5,press$" ||
        fail "the page isn't told: $(exiftool -s out/a.tif)"
    of() { printf '[.outputs[] | select(.output == "%s" and .input == "%s")][0]' "$1" "$2"; }
    expect_json out/.rushes/last/report.json "$(of master a.tif) | .lost == [\"WhitePoint\"]
        and any(.carried[]; .what == \"WhitePoint\" and .fate == \"dropped\")
        and any(.carried[]; .what == \"XMP's exif:DateTimeDigitized\" and .fate == \"converted\")"
    expect_json out/.rushes/last/report.json "$(of web a.tif) | any(.carried[]; .what == \"other EXIF\" and .fate == \"dropped\")"
    expect_json out/.rushes/last/report.json "$(of master b.tif) | .lost == [\"all but the first of 2 pages\"]"
    expect_json out/.rushes/last/report.json "$(of master c.exr) | any(.lost[]; contains(\"writer\"))"
    expect_json out/.rushes/last/report.json "$(of pages b.tif).status == \"out_of_spec\""
    expect_json out/.rushes/last/report.json "$(of pages a.tif).status == \"done\""
}

test_contact_sheet_is_made_of_the_others_where_a_still_breaks_as_it_is_decoded() {
    mkdir in
    for name in a b c; do
        ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=96x64 -frames:v 1 -pix_fmt rgb24 -compression_algo lzw in/$name.tif
    done
    dd if=/dev/zero of=in/b.tif bs=1 seek=300 count=200 conv=notrunc 2>/dev/null
    pipeline <<'Y'
inputs: {include: ["*"]}
damaged: allow
outputs:
  sheet: {each: job, steps: [contact_sheet: {width: 480, columns: 3}], to: sheet.png}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].status == "done" and (.unread | map([.output, .input, .error.class]) == [["sheet", "b.tif", "input_damaged"]])'
    expect_json out/.rushes/last/report.json \
        '.outputs[0].steps | index("contact sheet of 3 stills, without 1, 3 by 1") != null'
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].status == "done" and (.unread | map(.input)) == ["b.tif"]'
    [ "$(colour_at out/sheet.png 85 100)" != "24 25 29" ] || fail "a.tif isn't there"
    [ "$(colour_at out/sheet.png 240 60)" = "24 25 29" ] || fail "there is a picture in the place of b.tif"
    [ "$(colour_at out/sheet.png 395 100)" != "24 25 29" ] || fail "c.tif isn't in its own place"
    rm in/a.tif in/c.tif
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].status == "failed" and (.outputs[0].error.message | startswith("b.tif: ")) and .unread == []'
}

test_contact_sheet_names_all_stills_that_damage_it() {
    mkdir in
    for name in a b c; do
        ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/$name.png
    done
    truncate -s -300 in/a.png in/c.png
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  sheet: {each: job, steps: [contact_sheet: {width: 320}], to: sheet.png}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | test("^a.png: .*; c.png: ")'
}

# Delays are hundredths of a second there; the report of a picture that is half solid, and of one
# that has more colours once it is resized, says so.
test_gif_is_of_a_film_an_animation_and_of_a_still_its_frames() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48:rate=10 -t 0.5 in/film.mkv
    ffmpeg -nostdin -v error -y -i in/film.mkv in/moves.gif
    ffmpeg -nostdin -v error -y -f lavfi -i "color=red@0.5:size=64x48,format=rgba" -frames:v 1 in/soft.png
    pipeline <<'Y'
outputs:
  small: {steps: [resize: {width: 32}], to: "${stem}-small.gif"}
  other: {to: "${stem}-other.webp", encode: {container: webp_anim}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/film-small.gif out/moves-small.gif out/film-other.webp out/moves-other.webp; do
        [ "$(vipsheader -f n-pages "$file")" = 5 ] || fail "$file has $(vipsheader -f n-pages "$file") frames"
        [ "$(vipsheader -f delay "$file")" = "100 100 100 100 100 " ] || fail "$file has other delays"
    done
    [ "$(vipsheader -f width out/soft-small.gif)" = 32 ] || fail "the still isn't a GIF of 32 pixels"
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.lost != []) | .path] == ["moves-small.gif", "soft-small.gif"]'
    expect_json out/.rushes/last/report.json '[.outputs[].lost[]] | all(startswith("transparency: a pixel of a GIF is solid") or startswith("all but 256 colours"))'
    expect_exit 0 rushes run gif-preview in -o chat
    expect_json chat/.rushes/last/report.json '[.outputs[].path] == ["film.gif", "moves.gif"]'
}

test_a_frame_of_a_film_is_a_gif_where_it_says_so() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48:rate=10 -t 0.5 in/film.mkv
    pipeline <<'Y'
outputs:
  poster: {steps: [still: {at: 0.2s}], to: "${stem}.gif"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(vipsheader -f n-pages out/film.gif 2>/dev/null || echo 1)" = 1 ] || fail "it has more frames than one"
}

# Steps before it are done to each still, those after it to the sheet.
test_contact_sheet_stands_between_steps() {
    colours_to_gather
    pipeline <<'Y'
inputs: {include: ["p*.png"]}
outputs:
  sheet:
    each: job
    steps:
      - crop: {width: 100, height: 100}
      - contact_sheet: {columns: 2, width: 640, captions: false}
      - resize: {width: 320}
    to: sheet.png
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(vipsheader -f width out/sheet.png)" = 320 ] || fail "the sheet wasn't resized"
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(startswith("resized 640x"))'
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(startswith("p2.png: cropped 640x480 to 100x100"))'
}

test_stills_that_do_not_fit_on_a_sheet_go_to_further_pages() {
    colours_to_gather
    pipeline <<'Y'
outputs:
  sheet: {each: job, steps: [contact_sheet: {columns: 2, rows: 1, width: 480, captions: false}], to: sheet.png}
  half: {from: sheet, steps: [resize: {width: 240}], to: "half_${page|02}.png"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ls out | paste -sd' ')" = "half_01.png half_02.png half_03.png sheet-2.png sheet-3.png sheet.png" ] ||
        fail "the pages are $(ls out | paste -sd' ')"
    [ "$(colour_at out/sheet-2.png 125 147)" = "$(colour_at in/p2.png 9 9)" ] || fail "p2.png isn't first of the second"
    [ "$(vipsheader out/sheet-3.png)" = "$(vipsheader out/sheet.png | sed 's/sheet/sheet-3/')" ] ||
        fail "the last page isn't as large as the others"
    rm in/turned.jpg
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].status] | all(. == "up_to_date")'
}

test_still_above_the_limit_of_its_job_is_left_out_of_its_sheet() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i color=red:size=64x48 -frames:v 1 in/a.png
    ffmpeg -nostdin -v error -y -f lavfi -i color=blue:size=1500x1000 -frames:v 1 in/b.png
    pipeline <<'Y'
inputs: {max_megapixels: 2}
damaged: allow
outputs:
  sheet: {each: job, steps: [contact_sheet: {width: 320}], to: sheet.png}
  web: {steps: [resize: {width: 32}], to: "${stem}.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    sed -i 's/max_megapixels: 2/max_megapixels: 1/' p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_said err "main/sheet: goes on without b.png: 1500 x 1000 pixels are 2 million; the limit is 1 million"
    expect_json out/.rushes/last/report.json \
        '.unread | map([.output, .input, .error.class]) == [["sheet", "b.png", "unsupported"]]'
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | [.output, .input, .status]] == [["web", "a.png", "up_to_date"], ["web", "b.png", "failed"], ["sheet", "a.png", "done"]]'
}

test_transparency_of_a_still_that_is_lost_is_said() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i "color=red@0.5:size=64x48,format=rgba" -frames:v 1 in/a.png
    pipeline <<'Y'
outputs:
  jpeg: {to: a.jpg, keep: [alpha]}
  png: {to: a.png, keep: [alpha]}
  flat: {steps: [flatten: black], to: flat.png}
  sheet: {each: job, steps: [contact_sheet: {width: 320}], to: sheet.png}
Y
    expect_exit 3 rushes run p.yaml in -o out
    one() { expect_json out/.rushes/last/report.json "[.outputs[] | select(.output == \"$1\")][0] | $2"; }
    one jpeg '.status == "out_of_spec" and (.checks | map([.name, .pass]) == [["keep alpha", false]])'
    one jpeg '.carried | map([.what, .fate, .why]) == [["transparency", "dropped", "jpeg has none: it was laid on white"]]'
    one jpeg '.lost == ["transparency: jpeg has none: it was laid on white"]'
    one png '.status == "done" and (.carried | map([.what, .fate, .after]) == [["transparency", "kept", "rgba"]])'
    one flat '.carried | map([.what, .fate, .why]) == [["transparency", "changed", "the steps leave none"]]'
    one sheet '.carried | map([.what, .fate]) == [["transparency", "dropped"]]'
}

# I10 of the requirements; hundredths of a second are the grid of a GIF's delays.
test_pictures_behind_the_first_of_a_bare_stream_of_jpeg_are_told() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x48:r=25:d=0.4 -c:v mjpeg -f mjpeg in/a.jpg
    ffmpeg -nostdin -v error -f mjpeg -i in/a.jpg -c copy -frames:v 1 -f mjpeg in/b.jpg
    pipeline <<'Y'
outputs: {s: {to: "${stem}.png", encode: {image: {format: png}}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | .path, .lost] | tostring | test("a.png\",\\[.*the pictures behind the first.*\\],\"b.png\",\\[\\]")'
}

test_animated_gif_keeps_its_times_in_webp() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i \
        "color=red:size=64x48:rate=100,hue=h=n*60,setpts='(N*4+gte(N,2)*9+gte(N,4)*20)/100/TB'" \
        -frames:v 5 -fps_mode passthrough -loop 2 in/a.gif
    pipeline <<'Y'
steps: [resize: {width: 32}]
outputs: {web: {to: "${stem}.webp"}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(vipsheader -f delay 'out/a.webp[n=-1]' | xargs)" = "40 130 40 240 240" ] ||
        fail "the delays are $(vipsheader -f delay 'out/a.webp[n=-1]')"
    [ "$(vipsheader -f loop 'out/a.webp[n=-1]')" = "$(vipsheader -f loop 'in/a.gif[n=-1]')" ] ||
        fail "it loops another number of times"
}

# I7 of the requirements: exiftool is the reader that names most.
test_web_pictures_tell_no_place_number_or_owner() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/a.jpg
    exiftool -q -overwrite_original -GPSLatitude=52.5 -GPSLatitudeRef=N -SerialNumber=12345 \
        -LensSerialNumber=678 -OwnerName=Someone -Copyright='Example Films' -Artist='A. Person' \
        -XMP:GPSLongitude=13.4 -XMP-aux:SerialNumber=12345 -IPTC:City=Berlin in/a.jpg
    exiftool -q -overwrite_original '-ThumbnailImage<=in/a.jpg' in/a.jpg
    pipeline <<'Y'
outputs:
  jpeg: {to: a.jpg}
  png: {to: a.png}
  webp: {to: a.webp}
  tiff: {to: a.tif}
  whole: {to: whole.jpg, encode: {image: {metadata: archive}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/a.*; do
        exiftool -a -G1 -s "$file" > said
        grep -iE "GPS|serial|owner|thumbnail|maker|city" said && fail "$file tells it"
        grep -q "Example Films" said || fail "$file has lost its copyright"
        grep -q "A. Person" said || fail "$file has lost its author"
    done
    exiftool -a -G1 -s out/whole.jpg > said
    for word in GPSLatitude GPSLongitude LensSerialNumber OwnerName City; do
        grep -q "$word" said || fail "archive has lost $word"
    done
}

# The other half of I7, of tags that tell of the picture; AVIF's and PNG's IPTC is dropped in words.
test_archive_keeps_every_tag_in_every_format() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/a.jpg
    exiftool -q -overwrite_original -n -GPSLatitude=52.5 -GPSLatitudeRef=N -GPSAltitude=34.5 -SerialNumber=12345 \
        -LensModel='50 mm' -ISO=400 -ExposureTime=0.004 -FNumber=2.8 -OwnerName=Someone -Copyright='© Example' \
        -Artist='Ä. Person' -Make=Camera -DateTimeOriginal='2026:11:28 08:30:00' -OffsetTimeOriginal=+01:00 \
        -SubSecTimeOriginal=123 -UserComment='a comment' -XMP:Rating=4 -XMP-dc:Subject=one -XMP-dc:Subject=two \
        -XMP-dc:Title='Título' -XMP-photoshop:City=Berlin -IPTC:Keywords=one -IPTC:Keywords=two -IPTC:City=Berlin in/a.jpg
    pipeline <<'Y'
outputs:
  jpeg: {to: a.jpg, encode: {image: {metadata: archive}}}
  tiff: {to: a.tif, encode: {image: {metadata: archive}}}
  png: {to: a.png, encode: {image: {metadata: archive}}}
  webp: {to: a.webp, encode: {image: {metadata: archive}}}
  avif: {to: a.avif, encode: {image: {metadata: archive}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    exiftool -n -j -a -G0 -EXIF:all -XMP:all -IPTC:all in/a.jpg out/a.* >said
    expect_json said '.[0] as $before | [.[1:][] | . as $after | $before | del(.SourceFile, ."XMP:XMPToolkit")
        | with_entries(select(.key | test("Resolution|YCbCrPositioning|ComponentsConfiguration|ExifVersion|FlashpixVersion|ColorSpace") | not))
        | if $after.SourceFile | test("jpg|tif") then . else with_entries(select(.key | startswith("IPTC") | not)) end
        | to_entries[] | select($after[.key] != .value) | "\($after.SourceFile) \(.key)"] == []'
}

# libexif reads no more than 64 kB.
test_tags_behind_what_is_read_of_exif_are_named_among_the_dropped() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/a.png
    printf '%90000s' words | tr ' ' w > comment
    exiftool -q -overwrite_original -Model=Camera '-UserComment<=comment' in/a.png
    pipeline <<'Y'
outputs:
  web: {to: a.jpg}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].lost == ["what is behind the first 64 kB of EXIF, the text \"Model\", camera"]'
}

# libwebp makes one of pictures that are alike and follow one another: these are in their left half.
test_like_frames_of_an_animation_may_become_one_that_lasts_as_long() {
    mkdir in
    for n in 1 2 3 4; do
        ffmpeg -nostdin -v error -y -f lavfi -i "gradients=c0=$([ $n = 4 ] && echo red || echo blue):c1=white:nb_colors=2:seed=1:size=64x48" \
            -f lavfi -i "color=0x00${n}000:size=64x48" -filter_complex hstack,format=rgb24 -frames:v 1 $n.png
    done
    ffmpeg -nostdin -v error -y -r 5 -i %d.png -c:v libwebp_anim -lossless 1 -pix_fmt bgra in/a.webp
    [ "$(vipsheader -f n-pages in/a.webp)" = 4 ] || fail "the source has $(vipsheader -f n-pages in/a.webp) frames"
    pipeline <<'Y'
steps: [crop: {width: 64, height: 48, place: left}]
outputs:
  web: {to: "${stem}.webp", encode: {image: {lossless: true}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(vipsheader -f n-pages out/a.webp)" -lt 4 ] || fail "there are $(vipsheader -f n-pages out/a.webp) frames"
    expect_json out/.rushes/last/report.json '.outputs[0].status == "done"'
}

test_place_of_a_still_that_its_metadata_leaves_out_is_a_loss() {
    mkdir in
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/a.jpg
    exiftool -q -overwrite_original -GPSLatitude=52.5 -GPSLatitudeRef=N -Model=Camera -Artist='A. Person' \
        -DateTimeOriginal='2026:11:27 08:30:00' in/a.jpg
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/b.jpg
    exiftool -q -overwrite_original -XMP:GPSLatitude=52.5 in/b.jpg
    pipeline <<'Y'
outputs:
  web: {preset: jpeg-web, to: "${stem}-web.jpg", keep: [location, dates]}
  whole: {to: "${stem}-whole.jpg", keep: [location, dates, tags], encode: {image: {metadata: archive}}}
  edited: {steps: [metadata: {artist: Nobody}], to: "${stem}-edited.jpg", keep: [dates]}
Y
    expect_exit 3 rushes run p.yaml in -o out
    one() { expect_json out/.rushes/last/report.json "[.outputs[] | select(.output == \"$1\" and .input == \"$2\")][0] | $3"; }
    for still in a b; do
        one web $still.jpg '.status == "out_of_spec" and ([.checks[] | select(.pass | not) | .name] == ["keep location"])'
        one whole $still.jpg '.status == "done" and ([.carried[].fate] | all(. == "kept"))'
    done
    one web a.jpg '[.carried[] | select(.fate == "dropped") | .what] == ["camera", "GPS"] and .lost == ["camera, GPS"]'
    one web a.jpg '[.carried[] | select(.keep == "dates") | .before, .after] == ["2026:11:27 08:30:00", "2026:11:27 08:30:00"]'
    one edited a.jpg '[.carried[] | select(.what == "artist") | .before, .after, .fate] == ["A. Person", "Nobody", "changed"]'
}

# What libvips can't read row by row is more than it keeps in memory of itself: a task has no place in /tmp.
test_a_still_that_cannot_be_streamed_is_decoded_in_memory() {
    mkdir in
    vips black in/a.webp 64 48 --bands 3
    VIPS_DISC_THRESHOLD=1k expect_exit 0 rushes check in/a.webp
}
