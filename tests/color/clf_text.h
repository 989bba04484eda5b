/* SPDX-License-Identifier: GPL-3.0-or-later
 * CLF as text, for tests. */
#pragma once

#define LIST(body) "<ProcessList id=\"x\" compCLFversion=\"3.0\">" body "</ProcessList>"
#define OP(name, attributes, inside) \
    "<" name " inBitDepth=\"32f\" outBitDepth=\"32f\" " attributes ">" inside "</" name ">"
#define EXPONENT(style, parameters) \
    OP("Exponent", "style=\"" style "\"", "<ExponentParams " parameters "/>")
#define LOG(style, inside) OP("Log", "style=\"" style "\"", inside)
#define CINEON                                                               \
    "<LogParams logSideSlope='0.29325513196' logSideOffset='0.66959921799' " \
    "linSideSlope='0.98920224838' linSideOffset='0.01079775162' base='10'/>"
#define ACESCCT                                                             \
    "<LogParams logSideSlope='0.05707762557' logSideOffset='0.5547945205' " \
    "linSideBreak='0.0078125'/>"
#define DLOG /* the specification's example 7 */                             \
    "<LogParams base='10' logSideSlope='0.256663' logSideOffset='0.584555' " \
    "linSideSlope='0.9892' linSideOffset='0.0108' linSideBreak='0.0078' linearSlope='6.025'/>"
#define CDL(style) /* the numbers of OpenColorIO's tests of CDLs */         \
    OP("ASC_CDL", "style='" style "'",                                      \
       "<SOPNode><Slope>1.35 1.1 .071</Slope><Offset>.05 -.23 .11</Offset>" \
       "<Power>.93 .81 1.27</Power></SOPNode><SatNode><Saturation>1.23</Saturation></SatNode>")
#define RANGE(depths, style, values) "<Range " depths style ">" values "</Range>"
#define FLOATS "inBitDepth='32f' outBitDepth='32f' "
#define IN(low, high) "<minInValue>" low "</minInValue><maxInValue>" high "</maxInValue>"
#define OUT(low, high) "<minOutValue>" low "</minOutValue><maxOutValue>" high "</maxOutValue>"
#define LEGAL IN("0", "1023") OUT("64", "940") /* the specification's example 5 */
#define CUBE "<Array dim='2 2 2 3'>0 0 0 0 0 1 0 1 0 0 1 1 1 0 0 1 0 1 1 1 0 1 1 1</Array>"
#define BLUE /* only blue, at 2 */ \
    "<Array dim='2 2 2 3'>0 0 0 0 0 2 0 0 0 0 0 2 0 0 0 0 0 2 0 0 0 0 0 2</Array>"
