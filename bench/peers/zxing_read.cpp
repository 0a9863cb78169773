#include "bench/peers/zxing_read.h"

#include <ZXing/ReadBarcode.h>
#include <ZXing/ZXVersion.h>
#include <algorithm>
#include <cstring>

#define TEXT(x) #x
#define VERSION(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

static ZXing::BarcodeFormat format_of(zxing_format format)
{
    switch (format) {
    case ZXING_ITF:
        return ZXing::BarcodeFormat::ITF;
    case ZXING_QR:
        return ZXing::BarcodeFormat::QRCode;
    case ZXING_DATA_MATRIX:
        return ZXing::BarcodeFormat::DataMatrix;
    default:
        return ZXing::BarcodeFormat::Code128;
    }
}

size_t zxing_read(const uint8_t *pixels, int width, int height, zxing_format format, int harder,
                  char *bytes, size_t room)
{
    ZXing::DecodeHints hints;
    hints.setFormats(format_of(format));
    hints.setTryHarder(harder).setTryRotate(harder).setTryDownscale(harder);
    const ZXing::ImageView view(pixels, width, height, ZXing::ImageFormat::Lum);
    const ZXing::Result result = ZXing::ReadBarcode(view, hints);
    if (!result.isValid())
        return 0;
    const ZXing::ByteArray &read = result.bytes();
    std::memcpy(bytes, read.data(), std::min(room, read.size()));
    return read.size();
}

const char *zxing_version(void)
{
    return VERSION(ZXING_VERSION_MAJOR, ZXING_VERSION_MINOR, ZXING_VERSION_PATCH);
}
