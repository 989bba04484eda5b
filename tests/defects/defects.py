#!/usr/bin/env python3
"""A corpus of seeded defects: films, sound and stills with one thing wrong each, and clean ones beside them.

    tests/defects/defects.py [--bin build/rel/bin] [--keep DIR] [--only WORD] [--every N] [--seed N] [-j N]

Makes every file with ffmpeg, has `rushes check` look at all of them by the specifications below, and says which defects
it didn't find (with each goes the check that must fail) and which clean files it complained of. Exit 1 when a defect is
missed or more than one clean file in a hundred is complained of. --keep leaves the corpus for looking at.
"""
import argparse, concurrent.futures, json, pathlib, subprocess, sys, tempfile

SECONDS, RATE, SIZE = 6, 25, "192x108"

# --- what files must be ---

# What any moving picture and its sound must be, whatever their format.
SOUND_WHOLE = {
    "decode_errors": 0, "silence": "none", "clipping": "none", "out_of_phase": "none", "silent_channels": "none", "dropouts": "none",
    "clipped": 0, "identical_channels": "none", "dc_offset": "0 ±0.5", "sound_gaps": "none",
}
WHOLE = {
    **SOUND_WHOLE, "black": "none longer than 0.2s", "freeze": "none", "gaps": "none", "odd_frames": "none", "repeated_frames": 0,
    "combing": "at most 2", "misordered": 0, "out_of_range": "none", "out_of_gamut": "none", "flashes": "none", "red_flashes": "none",
    "tags_agree": "yes",
}
# What is delivered: the clean film is all of this, and a defect breaks one of it.
FILM = {
    **WHOLE, "black": "none", "container": "mp4", "codec": "h264", "profile": "High", "width": 192, "height": 108, "sar": "1:1", "fps": 25,
    "vfr": "no", "interlaced": "no", "decoded_fields": "progressive", "pix_fmt": "yuv420p", "color_range": "tv",
    "color_matrix": "bt709", "color_primaries": "bt709", "color_transfer": "bt709", "rotation": 0, "flipped": "no",
    "frames": 150, "decoded_frames": 150, "duration": "6s ±1f", "bit_rate": "at least 100k", "gop": "at most 25",
    "closed_gop": "yes", "b_frames": "at most 2", "faststart": "yes", "timecode": "10:00:00:00", "chapters": 2,
    "audio_tracks": 1, "subtitle_tracks": 1, "audio_codec": "aac", "channels": 2, "channel_layout": "stereo",
    "sample_rate": 48000, "loudness": "-23 LUFS ±0.5", "true_peak": "at most -9 dBTP", "lra": "at most 5 LU",
    "max_short_term": "at most -22 LUFS", "hdr": "no",
    "level": "1.3", "languages": "eng", "subtitle_languages": "deu", "audio_start": "0 ±0.03", "audio_end": "0 ±0.08",
    "max_bit_rate": "at most 2M", "bar_top": 0, "bar_bottom": 0, "bar_left": 0, "bar_right": 0, "black_head": 0, "black_tail": 0,
    "blockiness": "at most 1.5",
}
WAVE = {
    **SOUND_WHOLE, "container": "wav", "codec": "pcm_s24le", "channels": 2, "sample_rate": 48000, "audio_bit_depth": 24,
    "duration": "6s ±0.01", "loudness": "-23 LUFS ±0.5", "true_peak": "at most -9 dBTP",
}
PNG = {"container": "png", "alpha": "no"}
JPEG = {"container": "jpeg", "width": 192, "height": 108, "orientation": 0, "bands": 3, "progressive": "no",
        "gps": "no", "blank": "no", "size_bytes": "at most 14000"}

# --- sources: legal, moving, with something in every part of the picture ---

PICTURES = {
    "chart": f"testsrc2=s={SIZE}:r={RATE},eq=saturation=0.5:contrast=0.75",
    "fractal": f"mandelbrot=s={SIZE}:r={RATE}:start_scale=1.5:end_scale=0.2:end_pts=200,eq=contrast=0.75:saturation=0.8",
    "gradient": f"gradients=s={SIZE}:r={RATE}:c0=0x405060:c1=0xa09060:c2=0x607040:c3=0x806080:n=4:speed=0.02:seed={{seed}},"
                "format=yuv420p,noise=alls=6:all_seed={seed}:allf=t",
}
NOISE = "anoisesrc=c=pink:r=48000:a=0.274:seed={seed},highpass=f=60"


def stereo(seed):
    left, right = (NOISE.format(seed=seed + i) for i in (0, 1))
    return f"{left}[l];{right}[r];[l][r]join=inputs=2:channel_layout=stereo"



# How the clean film is written; None leaves an option out.
MP4 = {
    "-c:v": "libx264", "-preset": "veryfast", "-profile:v": "high", "-level": "1.3", "-pix_fmt": "yuv420p", "-crf": "18", "-g": "25", "-bf": "2",
    "-flags": "+cgop", "-r": str(RATE), "-color_range": "tv", "-colorspace": "bt709", "-color_primaries": "bt709",
    "-color_trc": "bt709", "-c:a": "aac", "-b:a": "192k", "-ar": "48000", "-c:s": "mov_text", "-metadata:s:a:0": "language=eng",
    "-metadata:s:s:0": "language=deu", "-timecode": "10:00:00:00", "-movflags": "+faststart", "-t": str(SECONDS),
}
MAPS = ("[v]", "[a]", "1:s")
# What picture and sound are made by: where none of it differs they are copied from the clean film's.
PICTURE = {"-c:v", "-preset", "-profile:v", "-level", "-pix_fmt", "-crf", "-g", "-bf", "-flags", "-r", "-color_range", "-colorspace",
           "-color_primaries", "-color_trc", "-x264-params", "-x265-params", "-vsync"}
SOUND = {"-c:a", "-b:a", "-ar", "-ac"}
WHOLE_FILE = {"-t", "-frames:v", "-timecode"}


def run(*command, **how):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr.decode('utf-8', 'replace')[-2000:]}")
    return done.stdout


def ffmpeg(*args, cwd):
    return run("ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1", *map(str, args), cwd=cwd)


class Corpus:
    """Files to be made, each with its specification and the fact that must fail: None for a clean one."""

    def __init__(self, folder):
        self.folder = folder
        self.files = []  # (name, specification, fact, maker, what its failure says)

    def add(self, name, spec, fails, maker, says=""):
        self.files.append((name, spec, fails, maker, says))

    def film(self, name, fails=None, v="null", a="anull", opts=None, source="fractal", suffix="mp4", maps=MAPS, spec=FILM,
             chapters=True, after=None):
        """v, a: filters; opts: what differs of MP4; maps: streams; after: what is done to the file's bytes."""
        name = f"{name}.{suffix}"

        def make():
            changed = {**MP4, **(opts or {})}
            graph, taken = [], {}
            for m, f, own in (("[v]", v, PICTURE), ("[a]", a, SOUND)):
                copied = f in ("null", "anull") and source == "fractal" and not (own | WHOLE_FILE) & set(opts or {})
                if m not in maps:
                    continue
                taken[m] = f"3:{m[1]}" if copied else m
                if copied:
                    changed = {k: w for k, w in changed.items() if k not in own} | {f"-c:{m[1]}": "copy"}
                else:
                    graph += [f"[0:{m[1]}]{f}{m}"]
            ffmpeg("-i", f"{source}.mkv", "-i", "words.srt", "-i", "chapters.txt", "-i", "film.mp4",
                   *(["-filter_complex", ";".join(graph)] if graph else []),
                   *[w for m in maps for w in ("-map", taken.get(m, m))], "-map_chapters", "2" if chapters else "-1",
                   *[w for key, value in changed.items() if value is not None for w in (key, value)], name, cwd=self.folder)
            change(self.folder / name, after)
        self.add(name, spec, fails, make)

    def plain(self, name, fails=None, source="chart", v="null", a="anull", opts=(), maps=("[v]", "[a]"), spec=WHOLE, after=None, says=""):
        """Of any format: nothing but what is asked for."""

        def make():
            graph = ";".join(f"[0:{m[1]}]{f}{m}" for m, f in (("[v]", v), ("[a]", a)) if m in maps)
            ffmpeg("-i", f"{source}.mkv", "-filter_complex", graph, *[w for m in maps for w in ("-map", m)], *opts, name,
                   cwd=self.folder)
            change(self.folder / name, after)
        self.add(name, spec, fails, make, says)


def change(path, after):
    if after:
        path.write_bytes(after(bytearray(path.read_bytes())))


def tagged(*tags):
    return lambda data: run("exiftool", "-q", "-n", *tags, "-o", "-", "-", input=bytes(data))


def cut(share):
    return lambda data: data[:int(len(data) * share)]


def spoil(share, count=64):
    def at(data):
        start = int(len(data) * share)
        data[start:start + count] = bytes(255 - byte for byte in data[start:start + count])
        return data
    return at


def frames(first, last):
    return f"enable='between(n,{first},{last})'"


def seconds(first, last):
    return f"enable='between(t,{first},{last})'"


def black(first, last):
    return f"drawbox=t=fill:c=black:{frames(first, last)}"


def hold(first, last):
    return f"loop=loop={last - first}:size=1:start={first},trim=end_frame=150,setpts=N/{RATE}/TB"


def film_defects(c):
    # black, freeze
    for name, first, last in (("head", 0, 49), ("middle", 50, 101), ("tail", 90, 149), ("whole", 0, 149), ("long", 20, 120)):
        c.film(f"black-{name}", "black", v=black(first, last))
        c.film(f"freeze-{name}", "freeze", v=hold(first, last))
    c.film("black-dark-grey", "black", v=f"drawbox=t=fill:c=0x101010:{frames(40, 100)}")
    for count in (2, 3, 12, 25, 45):
        c.film(f"black-{count}-frames", "black", v=black(60, 59 + count))
    for count in (13, 15, 25, 45):
        c.film(f"freeze-{count}-frames", "freeze", v=hold(60, 60 + count))
    c.film("freeze-noisy", "freeze", v=hold(40, 120) + ",noise=alls=1:allf=t")
    # sound: silence, level, shape
    for name, first, last in (("head", 0, 2), ("middle", 2, 4.5), ("tail", 4, 6), ("whole", 0, 6)):
        c.film(f"silence-{name}", "silence", a=f"volume=0:{seconds(first, last)}")
    c.film("silence-hiss", "silence", a=f"volume=-60dB:{seconds(1, 5)}")
    for db in (-6, -2, -1, 1, 2, 6):
        c.film(f"loudness{db:+}dB", "loudness", a=f"volume={db}dB")
    c.film("loud-for-3s", "max_short_term", a=f"volume=2.5dB:{seconds(1.2, 4.6)}")
    c.film("peak", "true_peak", a="volume=12dB:enable='between(t,3,3.05)'")
    c.film("lra", "lra", a="volume=-14dB:enable='between(t,0,3)',volume=3dB")
    c.film("clipped-throughout", "clipped", a="volume=40dB", opts={"-c:a": "pcm_s16le"}, suffix="mov")
    # streams
    c.film("second-sound-silent", "silence", a="asplit[b],volume=0[c];[b]anull", maps=("[v]", "[a]", "[c]", "1:s"))
    c.film("second-sound-left-alone", "silent_channels", a="asplit[b],pan=stereo|c0=c0[c];[b]anull", maps=("[v]", "[a]", "[c]", "1:s"))
    c.film("no-sound", "audio_tracks", maps=("[v]", "1:s"))
    c.film("two-sounds", "audio_tracks", maps=("[v]", "[a]", "3:a", "1:s"))
    c.film("no-subtitles", "subtitle_tracks", maps=("[v]", "[a]"))
    c.film("no-timecode", "timecode", opts={"-timecode": None})
    c.film("other-timecode", "timecode", opts={"-timecode": "10:00:00:01"})
    c.film("drop-timecode", "timecode", opts={"-timecode": "01:00:00:00"})
    c.film("no-chapters", "chapters", chapters=False)
    c.film("mono", "channels", opts={"-ac": "1"})
    c.film("surround", "channels", a="pan=5.1|FL=FL|FR=FR|FC=0.1*FL|LFE=0.01*FL|BL=0.5*FL|BR=0.5*FR")
    c.film("layout", "channel_layout", a="pan=downmix|DL=FL|DR=FR", opts={"-c:a": "pcm_s24le"}, suffix="mov")
    c.film("rate-44100", "sample_rate", opts={"-ar": "44100"})
    c.film("rate-32000", "sample_rate", opts={"-ar": "32000"})
    c.film("mp3", "audio_codec", opts={"-c:a": "libmp3lame"})
    c.film("ac3", "audio_codec", opts={"-c:a": "ac3"})
    # picture's form
    c.film("mpeg4", "codec", opts={"-c:v": "mpeg4", "-profile:v": None, "-crf": None, "-flags": None})
    c.film("hevc", "codec", opts={"-c:v": "libx265", "-profile:v": None, "-x265-params": "log-level=none"})
    c.film("main-profile", "profile", opts={"-profile:v": "main"})
    c.film("baseline", "profile", opts={"-profile:v": "baseline", "-bf": "0"})
    c.film("chroma-422", "pix_fmt", opts={"-profile:v": None, "-pix_fmt": "yuv422p"})
    c.film("10-bit", "pix_fmt", opts={"-profile:v": None, "-pix_fmt": "yuv420p10le"})
    for size in ("190x108", "192x106", "320x180", "160x90"):
        c.film(f"size-{size}", "width" if not size.startswith("192") else "height", v=f"scale={size.replace('x', ':')},setsar=1")
    for sar in ("4/3", "12/11", "64/45"):
        c.film(f"sar-{sar.replace('/', '-')}", "sar", v=f"setsar={sar}")
    for fps in ("24", "24000/1001", "30000/1001", "50"):
        c.film(f"fps-{fps.replace('/', '-')}", "fps", opts={"-r": fps})
    c.film("vfr", "vfr", v="select='not(mod(n,7))+not(mod(n,3))'", opts={"-r": None, "-vsync": "vfr"})
    c.film("interlaced", "interlaced", v="tinterlace=interleave_top,fieldorder=tff", opts={"-flags": "+cgop+ildct+ilme"})
    c.film("interlaced-coding", "decoded_fields", opts={"-flags": "+cgop+ildct+ilme", "-x264-params": "tff=1"})
    for name, key, value in (("matrix", "-colorspace", "smpte170m"), ("matrix-2020", "-colorspace", "bt2020nc"),
                             ("primaries", "-color_primaries", "smpte170m"), ("primaries-2020", "-color_primaries", "bt2020"),
                             ("transfer", "-color_trc", "smpte2084"), ("transfer-hlg", "-color_trc", "arib-std-b67"),
                             ("range", "-color_range", "pc")):
        c.film(f"tag-{name}", "color_" + name.split("-")[0], opts={key: value})
    for transfer in ("smpte2084", "arib-std-b67"):
        c.film(f"hdr-{transfer}", "hdr", opts={"-color_primaries": "bt2020", "-color_trc": transfer, "-colorspace": "bt2020nc"})
    c.film("untagged", "color_primaries", v="setparams=color_primaries=unknown:color_trc=unknown:colorspace=unknown", opts={"-color_primaries": None, "-color_trc": None, "-colorspace": None})
    # coding
    c.film("bit-rate", "bit_rate", v="gblur=12", opts={"-crf": "51", "-b:a": "32k"})
    c.film("gop-26", "gop", opts={"-g": "26"})
    c.film("gop-250", "gop", opts={"-g": "250"})
    c.film("open-gop", "closed_gop", opts={"-flags": "-cgop", "-g": "24", "-x264-params": "open-gop=1:scenecut=0:b-adapt=0"})
    c.film("b-frames", "b_frames", opts={"-bf": "5", "-x264-params": "b-adapt=0"})
    c.film("not-faststart", "faststart", opts={"-movflags": None})
    c.film("matroska", "container", suffix="mkv", opts={"-c:s": "srt", "-movflags": None})
    c.film("transport", "container", suffix="ts", maps=("[v]", "[a]"), opts={"-movflags": None, "-timecode": None})
    # length
    for frames_ in (149, 148, 151, 140, 75):
        c.film(f"frames-{frames_}", "frames", v=f"loop=loop=2:size=1:start=100,setpts=N/{RATE}/TB", opts={"-t": None, "-frames:v": str(frames_)})
    c.film("short", "duration", opts={"-t": "5.9"})
    c.film("long", "duration", v="loop=loop=20:size=20:start=100,setpts=N/25/TB", opts={"-t": "6.2"})
    # bytes: what a full disk, a broken copy and a bad block leave
    for share in (0.999, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25):
        c.film(f"cut-{share}", "*", after=cut(share))
    for share in (0.2, 0.5, 0.8):
        c.film(f"spoiled-{share}", "*", after=spoil(share, 4000))


def frame_defects(c):
    for n in (0, 1, 40, 148, 149):
        c.film(f"frame-black-{n}", {0: "black_head", 149: "black_tail"}.get(n, "odd_frames"), v=black(n, n))
    c.film("frame-white", "odd_frames", v=f"drawbox=t=fill:c=0xe0e0e0:{frames(70, 70)}")
    c.film("frame-other", "odd_frames", v=f"negate=components=y:{frames(90, 90)}")
    c.film("black-head-5", "black_head", v=black(0, 4))
    c.film("black-tail-5", "black_tail", v=black(145, 149))
    for count in (1, 2, 5):
        c.film(f"repeated-{count}", "repeated_frames", v=f"loop=loop={count}:size=1:start={60 if count == 1 else 50},trim=end_frame=150,setpts=N/{RATE}/TB")
    for count in (1, 3, 25):
        c.film(f"dropped-{count}", "gaps", v=f"select='not(between(n,70,{69 + count}))'", opts={"-r": None, "-vsync": "vfr"})
    for count in (1, 5):
        c.film(f"dropped-{count}-no-b-frames", "gaps", v=f"select='not(between(n,70,{69 + count}))'", opts={"-r": None, "-vsync": "vfr", "-bf": "0"})
    weave = "gblur=2,tblend=all_expr='if(mod(Y\\,2)\\,A\\,B)'"
    c.film("combed", "combing", v=weave)
    c.film("combed-part", "combing", v=f"{weave}:{frames(40, 80)}")
    for contrast in (2, 2.5, 3):
        c.film(f"range-{contrast}", "out_of_range", v=f"lutyuv=y='clip((val-126)*{contrast}+126,0,255)'")
    c.film("range-white", "out_of_range", v=f"drawbox=w=72:h=36:t=fill:c=white,lutyuv=y=if(gte(val\\,235)\\,255\\,val)")
    for saturation in (2.5, 3):
        c.film(f"gamut-{saturation}", "out_of_gamut", v=f"eq=saturation={saturation}")
    for name, box, fact in (("full", "", "flashes"), ("half", "w=iw*0.75:h=ih*0.75:", "flashes"), ("red", "", "red_flashes")):
        color = "red" if name == "red" else "0xe0e0e0"
        c.film(f"flash-{name}", fact, v=f"drawbox={box}t=fill:c={color}:enable='lt(mod(n,6),3)*between(n,50,110)'")
    c.film("flash-fast", "flashes", v="drawbox=t=fill:c=0xe0e0e0:enable='mod(n,2)*between(n,50,110)'")
    for side, box, n in (("top", "h=16", 16), ("bottom", "y=ih-10:h=10", 10), ("left", "w=40", 40), ("right", "x=iw-8:w=8", 8)):
        c.film(f"bar-{side}", f"bar_{side}", v=f"drawbox={box}:t=fill:c=black")
    c.film("blocks", "blockiness", opts={"-crf": "46", "-x264-params": "no-deblock=1"})
    c.film("level", "level", opts={"-level": "4.1"})
    c.film("peak-rate", "max_bit_rate", v=f"noise=alls=80:allf=t:{frames(50, 90)}", opts={"-crf": "10"})


def channel_defects(c):
    for name, pan, fact in (("dual-mono", "c0=c0|c1=c0", "dual_mono"), ("left-silent", "c0=0*c0|c1=c1", "silent_channels"),
                            ("right-silent", "c0=c0|c1=0*c1", "silent_channels"), ("inverted", "c0=c0|c1=-1*c0", "out_of_phase"),
                            ("nearly-inverted", "c0=c0|c1=-0.9*c0+0.2*c1", "out_of_phase")):
        c.film(name, fact, a=f"pan=stereo|{pan}")
    for offset in (0.01, 0.05, -0.02):
        c.film(f"dc{offset:+}", "dc_offset", a=f"dcshift={offset}")
    for gain in (24, 30, 40):
        c.film(f"clipped-{gain}dB", "clipping", a=f"volume={gain}dB",
               opts={"-c:a": "pcm_s16le"}, suffix="mov")
    for late in (0.1, 0.2, 1):
        c.film(f"late-sound-{late}", "audio_start", a=f"asetpts=PTS+{late}/TB")
    for end in (5.8, 5.5, 3):
        c.film(f"sound-ends-{end}", "audio_end", a=f"atrim=end={end}")
    c.film("sound-gap", "sound_gaps", a="aselect='not(between(t,2,2.5))'", opts={"-c:a": "pcm_s16le", "-c:s": "srt"}, suffix="mkv")
    for language in ("fra", "und"):
        c.film(f"sound-in-{language}", "languages", opts={"-metadata:s:a:0": f"language={language}"})
    c.film("subtitles-in-fra", "subtitle_languages", opts={"-metadata:s:s:0": "language=fra"})


def dropout_defects(c):
    for name, channel, first, last in (("left", 0, 1, 4), ("right", 1, 0, 1), ("short", 0, 3, 3.2), ("to-the-end", 1, 4, 6)):
        muted = f"[{channel}]volume=0:{seconds(first, last)}[m]"
        c.film(f"dropout-{name}", "dropouts", a="channelsplit[0][1];" + muted + (";[m][1]" if channel == 0 else ";[0][m]") + "join")


def field_defects(c):
    """Films of 50 fields a second, written as fields, in the order that they say and in the other."""
    for first, wrong in (("top", "bff"), ("bottom", "tff")):
        v = f"setpts=N/50/TB,tinterlace=interleave_{first},setsar=1,setfield="
        for make, opts in FIELD_MAKES.items():
            opts = [*opts, "-r", "25", "-t", "3"]
            c.plain(f"clean-fields-{first}-{make}", v=v + first[0] + "ff", opts=opts, spec=FIELDS)
            c.plain(f"fields-not-{first}-{make}", "misordered", v=v + wrong, opts=opts, spec=FIELDS)


def other_defects(c):
    """Cut and spoiled files of other makes."""
    for name, opts in MAKES.items():
        c.plain(f"cut-half-{name}", "*", opts=opts + ["-t", "3"], after=cut(0.5), spec={**WHOLE, "duration": "3s ±1f"})
        c.plain(f"cut-end-{name}", "*", opts=opts + ["-t", "3"], after=cut(0.97), spec={**WHOLE, "duration": "3s ±1f"})
        c.plain(f"black-{name}", "black", opts=opts + ["-t", "3"], v=black(10, 65))


def sound_defects(c):
    def wave(name, fails, a="anull", opts=("-c:a", "pcm_s24le"), suffix="wav", **more):
        c.plain(f"{name}.{suffix}", fails, a=a, maps=("[a]",), spec=WAVE, opts=["-t", str(SECONDS), *opts], **more)
    for db in (-3, -1, 1, 3):
        wave(f"wave-loudness{db:+}dB", "loudness", f"volume={db}dB")
    for start, end in ((0, 1.5), (2, 4), (4.2, 6)):
        wave(f"wave-silence-{start}", "silence", f"volume=0:{seconds(start, end)}")
    wave("wave-16-bit", "audio_bit_depth", opts=("-c:a", "pcm_s16le"))
    wave("wave-44100", "sample_rate", opts=("-c:a", "pcm_s24le", "-ar", "44100"))
    wave("wave-mono", "channels", opts=("-c:a", "pcm_s24le", "-ac", "1"))
    wave("wave-short", "duration", "atrim=end=5.9")
    wave("wave-peak", "true_peak", "volume=15dB:enable='between(t,3,3.01)'")
    wave("wave-flac", "container", opts=(), suffix="flac")
    for share in (0.99, 0.7, 0.3):
        wave(f"wave-cut-{share}", "*", after=cut(share))


def still_defects(c):
    def still(name, fails, v="null", opts=("-q:v", "3"), suffix="jpg", after=None, spec=JPEG):
        c.plain(f"{name}.{suffix}", fails, v=v, maps=("[v]",), spec=spec, opts=["-frames:v", "1", *opts], after=after)
    still("still-clean", None)
    still("still-wide", "width", "scale=194:108")
    still("still-low", "height", "scale=192:54")
    still("still-png", "container", opts=(), suffix="png")
    still("still-heavy", "size_bytes", "noise=alls=60", opts=("-q:v", "1"))
    still("still-turned", "orientation", after=tagged("-Orientation#=6"))
    still("still-placed", "gps", after=tagged("-GPSLatitude=48.2", "-GPSLatitudeRef=N", "-GPSLongitude=16.3", "-GPSLongitudeRef=E"))
    still("still-placed-xmp", "gps", after=tagged("-XMP-exif:GPSLatitude=48.2", "-XMP-exif:GPSLongitude=16.3"))
    for color in ("black", "white", "0x808080"):
        still(f"still-blank-{color}", "blank", f"drawbox=t=fill:c={color}")
    still("still-alpha", "alpha", "format=rgba", opts=(), suffix="png", spec=PNG)
    for share in (0.95, 0.6, 0.2):
        still(f"still-cut-{share}", "*", after=cut(share))


# A file beside the one it was made from, which it must be like.
LIKE = {"psnr": "at least 38 dB", "psnr_u": "at least 38 dB", "psnr_v": "at least 38 dB", "ssim": "at least 0.98", "worst_ssim": "at least 0.95",
        "different_frame": -1, "null_rms": "at most -80 dBFS", "audio_offset": "0 ±0.02",
        "audio_band_level": "0 ±1.5", "worst_audio_correlation": "at least 0.75", "worst_audio_level": "0 ±4", "brief_audio_level": "0 ±8",
        "audio_click": "at most 3"}


def differences(c):
    def beside(name, fails, v="null", a="anull", says="", **more):
        c.plain(f"beside-{name}.mkv", fails, source="fractal", v=v, a=a, spec=LIKE,
                opts=["-c:v", "ffv1", "-c:a", "pcm_s24le", *more.pop("opts", ())], says=says, **more)
    beside("same", None)
    beside("same-flac", None, opts=("-c:a", "flac"))
    for n in (0, 40, 149):
        beside(f"one-value-{n}", "different_frame", f"lutyuv=y=val+1:{frames(n, n)}", says=str(n))
    beside("matrix", "psnr_u", "scale=in_color_matrix=bt709:out_color_matrix=bt601,setparams=colorspace=bt709")
    beside("range", "psnr", "scale=in_range=tv:out_range=pc,setparams=range=tv")
    beside("hue", "psnr_v", "hue=h=5")
    beside("saturation", "psnr_v", "eq=saturation=1.15")
    beside("gamma", "psnr", "eq=gamma=1.05")
    beside("brighter", "psnr", "lutyuv=y=val+4")
    beside("shifted", "ssim", "crop=iw-2:ih:0:0,pad=iw+2:ih:2:0")
    beside("shifted-up", "ssim", "crop=iw:ih-2:0:2,pad=iw:ih+2:0:0")
    beside("blurred", "ssim", "gblur=0.7")
    beside("small", "ssim", "scale=iw/2:ih/2,scale=iw*2:ih*2")
    beside("grain", "psnr", "noise=alls=12:allf=t")
    beside("one-frame-blurred", "worst_ssim", f"gblur=3:{frames(77, 77)}")
    beside("frame-missing", "*", f"select='not(eq(n,60))',setpts=N/{RATE}/TB")
    beside("frame-late", "ssim", f"loop=loop=1:size=1:start=0,setpts=N/{RATE}/TB,trim=end_frame=150")
    for late in (40, 80, 200):
        beside(f"sound-{late}ms-late", "audio_offset", a=f"adelay={late}:all=1,atrim=end=6")
    beside("sound-a-sample-late", "null_rms", a="adelay=1S:all=1,atrim=end=6")
    beside("sound-swapped", "null_rms", a="pan=stereo|c0=c1|c1=c0")
    beside("sound-1dB-louder", "null_rms", a="volume=1dB")
    beside("sound-inverted", "null_rms", a="pan=stereo|c0=-1*c0|c1=-1*c1")
    beside("sound-16-bit-gap", "null_rms", a=f"volume=0:{seconds(3, 3.01)}")
    beside("sound-polarity-50ms", "worst_audio_correlation", a="aeval='if(between(t,3,3.05),-val(0),val(0))|val(1)':c=same", says="s, FL")
    beside("sound-right-mute-0.3s", "worst_audio_level", a="aeval='val(0)|if(between(t,3,3.3),0,val(1))':c=same", says="s, FR")
    beside("sound-right-mute-30ms", "brief_audio_level", a="aeval='val(0)|if(between(t,3,3.03),0,val(1))':c=same", says="s, FR")
    beside("sound-head-mute", "brief_audio_level", a="aeval='if(lt(t,0.14),0,val(0))|val(1)':c=same", says="at 0.")
    beside("sound-tail-mute", "brief_audio_level", a="aeval='if(gt(t,5.86),0,val(0))|val(1)':c=same", says="at 5.")
    beside("sound-repeat-40ms", "worst_audio_correlation", says="at 3.0",
           a="asplit=3[a][b][c];[a]atrim=0:3[x];[b]atrim=2.96:3[y];[c]atrim=3.04[z];[x][y][z]concat=3:0:1")
    beside("sound-lowpass-3k", "audio_band_level", a="lowpass=3000,lowpass=3000", says="6000 to 12000 Hz")
    beside("sound-click-at-5ms", "audio_click", a="aeval='if(eq(n,240),1,val(0))|val(1)':c=same", says="at 0.000")
    beside("sound-click", "audio_click", a="aeval='if(eq(n,120000),1,val(0))|val(1)':c=same", says="at 2.4")
    beside("sound-missing", "*", maps=("[v]",))


FIELDS = {"decode_errors": 0, "gaps": "none", "misordered": "at most 10"}
FIELD_MAKES = {
    "h264.mp4": ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-flags", "+ildct+ilme", "-c:a", "aac"],
    "mpeg2.mxf": ["-c:v", "mpeg2video", "-q:v", "3", "-flags", "+ildct+ilme", "-c:a", "pcm_s16le", "-ar", "48000"],
    "prores.mov": ["-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-flags", "+ildct", "-c:a", "pcm_s24le"],
}
MAKES = {
    "h264.mkv": ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"],
    "mpeg2.ts": ["-c:v", "mpeg2video", "-q:v", "3", "-c:a", "mp2"],
    "mpeg2.mxf": ["-c:v", "mpeg2video", "-q:v", "3", "-c:a", "pcm_s16le", "-ar", "48000"],
    "prores.mov": ["-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24le"],
    "ffv1.mkv": ["-c:v", "ffv1", "-c:a", "pcm_s24le"],
    "vp9.webm": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "600k", "-c:a", "libopus"],
    "hevc.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-c:a", "aac"],
    "mjpeg.mov": ["-c:v", "mjpeg", "-q:v", "3", "-colorspace", "bt709", "-c:a", "pcm_s16le"],
    "jpeg2000.mov": ["-c:v", "jpeg2000", "-q:v", "3", "-c:a", "pcm_s16le"],
}
TREATMENTS = {"": "null", "grain": "noise=alls=4:allf=t", "soft": "gblur=2", "dim": "eq=contrast=0.6", "fade": "fade=in:0:25,fade=out:50:25",
              "push": f"zoompan=z='1+on/400':d=1:s={SIZE}:fps={RATE}", "mono": "hue=s=0"}


def clean(c):
    c.film("clean-film")
    for source in PICTURES:
        for make, opts in MAKES.items():
            for treatment, v in TREATMENTS.items():
                if (len(make) + len(treatment) + len(source)) % 2:
                    c.plain(f"clean-{source}-{treatment}-{make}", source=source, v=v, opts=opts + ["-t", "3"])
    for rate in ("24", "30000/1001", "50"):
        c.plain(f"clean-{rate.replace('/', '-')}.mkv", v=f"settb=AVTB,setpts=N/({rate})/TB", opts=["-r", rate, *MAKES["h264.mkv"], "-t", "3"])
    c.plain("clean.png", maps=("[v]",), spec=PNG, opts=["-frames:v", "1", "-pix_fmt", "rgb24"])
    c.plain("clean.wav", a="anull", maps=("[a]",), spec=WAVE, opts=["-c:a", "pcm_s24le"])


def make_sources(folder, seed):
    for name, graph in PICTURES.items():
        ffmpeg("-f", "lavfi", "-i", graph.replace("{seed}", str(6 + seed)), "-filter_complex", stereo(seed) + "[a]", "-map", "0:v", "-map", "[a]", "-t", SECONDS,
               "-pix_fmt", "yuv420p", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc",
               "bt709", "-c:v", "ffv1", "-c:a", "pcm_s24le", f"{name}.mkv", cwd=folder)
    ffmpeg("-i", "fractal.mkv", *[w for key, value in MP4.items() if key[:3] != "-c:s" and "s:s" not in key for w in (key, value)],
           "film.mp4", cwd=folder)
    (folder / "words.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nOne.\n\n2\n00:00:03,000 --> 00:00:05,000\nTwo.\n")
    chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n"
    (folder / "chapters.txt").write_text(";FFMETADATA1\n" + chapter.format(0, 3000, "One") + chapter.format(3000, 6000, "Two"))


def check(binaries, folder, index, spec, names):
    """The outputs of a report, by name."""
    path = folder / f"spec{index}.yaml"
    path.write_text("rushes: 1\nexpect:\n" + "".join(f"  {fact}: \"{value}\"\n" for fact, value in spec.items()))
    done = subprocess.run([binaries / "rushes", "check", *names, "--spec", path, "--json", "--progress", "none",
                           *(["--against", "fractal.mkv"] if spec is LIKE else [])], cwd=folder, stdout=subprocess.PIPE)
    return {output["input"]: output for output in json.loads(done.stdout)["outputs"]}


def complaints(output):
    """What was found: the facts that failed, or "*" for a file that isn't whole."""
    found = {c["name"] for c in output["checks"] if not c["pass"]}
    return found | ({"*"} if output["status"] == "failed" else set())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/rel/bin"))
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one file in N")
    parser.add_argument("--seed", type=int, default=1, help="of noise and colours")
    parser.add_argument("-j", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="defects-") as scratch:
        folder = (args.keep or pathlib.Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        make_sources(folder, args.seed)
        corpus = Corpus(folder)
        for fill in (film_defects, frame_defects, channel_defects, dropout_defects, field_defects, other_defects, sound_defects, still_defects, differences, clean):
            fill(corpus)
        files = [f for f in corpus.files if args.only in f[0]][::args.every]
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            list(pool.map(lambda f: f[3](), files))
        sys.exit(judge(args.bin.resolve(), folder, files))


def judge(binaries, folder, files):
    specs = {id(spec): spec for _, spec, *_ in files}
    outputs = {}
    for index, (key, spec) in enumerate(specs.items()):
        outputs.update(check(binaries, folder, index, spec, [f[0] for f in files if id(f[1]) == key]))
    missed = alarms = 0
    defects = [f for f in files if f[2]]
    for name, _, fails, _, says in files:
        found = complaints(outputs[name])
        told = " ".join(c["measured"] for c in outputs[name]["checks"] if c["name"] == fails)
        if fails and (fails not in found if fails != "*" else not found or says not in told):
            missed += 1
            print(f"missed: {name}: {fails} passed; failed: {', '.join(sorted(found)) or 'nothing'}")
        elif not fails and found:
            alarms += 1
            print(f"false alarm: {name}: {', '.join(sorted(found))}: "
                  f"{[c['measured'] for c in outputs[name]['checks'] if not c['pass']]} {outputs[name].get('error', '')}")
    clean_files = len(files) - len(defects)
    print(f"{len(defects) - missed} of {len(defects)} defects found, {alarms} of {clean_files} clean files complained of")
    return missed > 0 or alarms * 100 > clean_files


if __name__ == "__main__":
    main()
