#include "flamigo/http/detail/media_type.hpp"

#include <array>
#include <utility>

#include <boost/beast/core/string.hpp>

namespace flamigo::detail {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 34> known{{
  {"avif", "image/avif"},
  {"css", "text/css; charset=utf-8"},
  {"csv", "text/csv; charset=utf-8"},
  {"gif", "image/gif"},
  {"gz", "application/gzip"},
  {"htm", "text/html; charset=utf-8"},
  {"html", "text/html; charset=utf-8"},
  {"ico", "image/x-icon"},
  {"jpeg", "image/jpeg"},
  {"jpg", "image/jpeg"},
  {"js", "text/javascript; charset=utf-8"},
  {"json", "application/json"},
  {"map", "application/json"},
  {"md", "text/markdown; charset=utf-8"},
  {"mjs", "text/javascript; charset=utf-8"},
  {"mp3", "audio/mpeg"},
  {"mp4", "video/mp4"},
  {"oga", "audio/ogg"},
  {"ogg", "audio/ogg"},
  {"otf", "font/otf"},
  {"pdf", "application/pdf"},
  {"png", "image/png"},
  {"svg", "image/svg+xml"},
  {"ttf", "font/ttf"},
  {"txt", "text/plain; charset=utf-8"},
  {"wasm", "application/wasm"},
  {"wav", "audio/wav"},
  {"webm", "video/webm"},
  {"webmanifest", "application/manifest+json"},
  {"webp", "image/webp"},
  {"woff", "font/woff"},
  {"woff2", "font/woff2"},
  {"xml", "application/xml"},
  {"zip", "application/zip"},
}};

} // namespace

std::string_view media_type_of(std::string_view name) noexcept {
  auto dot = name.rfind('.');
  auto end = dot == name.npos ? std::string_view{} : name.substr(dot + 1);
  for (auto& [ending, type] : known)
    if (boost::beast::iequals(ending, end))
      return type;
  return "application/octet-stream";
}

} // namespace flamigo::detail
