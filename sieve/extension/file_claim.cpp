// SPDX-License-Identifier: MIT
#include "sieve/extension/file_claim.h"

#include "sieve/text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace sieve {

namespace {

enum class Family : std::uint8_t { unknown, text, image, media, pdf, office, archive, program };

struct Known {
    std::string_view name;
    Family family;
};

// Types that the top-level type does not tell. A name that ends with '*' is a beginning.
constexpr Known types[] = {
    {"application/epub+zip", Family::archive},
    {"application/gzip", Family::archive},
    {"application/java-archive", Family::archive},
    {"application/javascript", Family::text},
    {"application/json", Family::text},
    {"application/msword", Family::office},
    {"application/ogg", Family::media},
    {"application/pdf", Family::pdf},
    {"application/rtf", Family::office},
    {"application/vnd.android.package-archive", Family::archive},
    {"application/vnd.microsoft.portable-executable", Family::program},
    {"application/vnd.ms-cab-compressed", Family::archive},
    {"application/vnd.ms-excel*", Family::office},
    {"application/vnd.ms-powerpoint*", Family::office},
    {"application/vnd.ms-word*", Family::office},
    {"application/vnd.oasis.opendocument*", Family::office},
    {"application/vnd.openxmlformats-officedocument*", Family::office},
    {"application/vnd.rar", Family::archive},
    {"application/x-7z-compressed", Family::archive},
    {"application/x-bzip2", Family::archive},
    {"application/x-dosexec", Family::program},
    {"application/x-executable", Family::program},
    {"application/x-gzip", Family::archive},
    {"application/x-javascript", Family::text},
    {"application/x-mach-binary", Family::program},
    {"application/x-ms-dos-executable", Family::program},
    {"application/x-msdos-program", Family::program},
    {"application/x-msdownload", Family::program},
    {"application/x-object", Family::program},
    {"application/x-ole-storage", Family::office},
    {"application/x-pie-executable", Family::program},
    {"application/x-rar*", Family::archive},
    {"application/x-sharedlib", Family::program},
    {"application/x-tar", Family::archive},
    {"application/x-xz", Family::archive},
    {"application/x-zip*", Family::archive},
    {"application/xhtml+xml", Family::text},
    {"application/xml", Family::text},
    {"application/zip", Family::archive},
    {"application/zstd", Family::archive},
    {"image/svg+xml", Family::text},
    {"message/*", Family::text},
    {"text/rtf", Family::office},
    // The rest of the top-level types comes last.
    {"audio/*", Family::media},
    {"image/*", Family::image},
    {"text/*", Family::text},
    {"video/*", Family::media},
};

// Names that hold more than one family (.ai, .com, .dat) are missing on purpose.
constexpr Known extensions[] = {
    {"7z", Family::archive},  {"avi", Family::media},   {"bat", Family::text},
    {"bmp", Family::image},   {"bz2", Family::archive}, {"cab", Family::archive},
    {"cmd", Family::text},    {"cpl", Family::program}, {"csv", Family::text},
    {"dll", Family::program}, {"doc", Family::office},  {"docm", Family::office},
    {"docx", Family::office}, {"eml", Family::text},    {"exe", Family::program},
    {"flac", Family::media},  {"gif", Family::image},   {"gz", Family::archive},
    {"htm", Family::text},    {"html", Family::text},   {"ics", Family::text},
    {"jar", Family::archive}, {"jpeg", Family::image},  {"jpg", Family::image},
    {"js", Family::text},     {"json", Family::text},   {"log", Family::text},
    {"m4a", Family::media},   {"mkv", Family::media},   {"mov", Family::media},
    {"mp3", Family::media},   {"mp4", Family::media},   {"odp", Family::office},
    {"ods", Family::office},  {"odt", Family::office},  {"ogg", Family::media},
    {"pdf", Family::pdf},     {"png", Family::image},   {"ppt", Family::office},
    {"pptm", Family::office}, {"pptx", Family::office}, {"ps1", Family::text},
    {"rar", Family::archive}, {"rtf", Family::office},  {"scr", Family::program},
    {"sh", Family::text},     {"svg", Family::text},    {"sys", Family::program},
    {"tar", Family::archive}, {"tgz", Family::archive}, {"tif", Family::image},
    {"tiff", Family::image},  {"txt", Family::text},    {"vbs", Family::text},
    {"vcf", Family::text},    {"wav", Family::media},   {"webm", Family::media},
    {"webp", Family::image},  {"wsf", Family::text},    {"xls", Family::office},
    {"xlsm", Family::office}, {"xlsx", Family::office}, {"xml", Family::text},
    {"xz", Family::archive},  {"zip", Family::archive}, {"zst", Family::archive},
};
static_assert(std::ranges::is_sorted(extensions, {}, &Known::name));

Family family_of_type(std::string_view type) {
    for (const Known& known : types) {
        const bool is_beginning = known.name.ends_with('*');
        if (is_beginning ? type.starts_with(known.name.substr(0, known.name.size() - 1))
                         : type == known.name)
            return known.family;
    }
    return Family::unknown;
}

Family family_of_name(std::string_view file_name) {
    const std::size_t dot = file_name.rfind('.');
    if (dot == std::string_view::npos) return Family::unknown;
    // Windows leaves out what stands behind.
    std::string extension = lower(file_name.substr(dot + 1));
    while (extension.ends_with(' '))
        extension.pop_back();
    const auto* found = std::ranges::lower_bound(extensions, extension, {}, &Known::name);
    return found != std::end(extensions) && found->name == extension ? found->family
                                                                     : Family::unknown;
}

bool contradicts(Family claimed, Family found) {
    if (claimed == Family::unknown || found == Family::unknown || claimed == found) return false;
    // Today's office documents are archives, and archives may look like documents.
    const auto is_zip_like = [](Family family) {
        return family == Family::office || family == Family::archive;
    };
    return !(is_zip_like(claimed) && is_zip_like(found));
}

}  // namespace

bool contradicts_type(std::string_view declared, std::string_view detected) {
    return contradicts(family_of_type(declared), family_of_type(detected));
}

bool contradicts_name(std::string_view file_name, std::string_view detected) {
    return contradicts(family_of_name(file_name), family_of_type(detected));
}

}  // namespace sieve
