#include "flamigo/http/detail/file_directory.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/media_type.hpp"
#include "flamigo/http/detail/percent.hpp"
#include "flamigo/http/detail/request_target.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Whether a segment of a path may be a name of ours. What begins with a dot is
/// not meant for others, such as `.git`, but for the one place that is
/// (RFC 8615).
bool is_served_segment(std::string_view segment) {
  auto is_bad = [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return c == '/' || c == '\\' || byte < ' ' || byte == 0x7f;
  };
  return !segment.empty()
         && (!segment.starts_with('.') || segment == ".well-known")
         && std::none_of(segment.begin(), segment.end(), is_bad);
}

/// As RFC 9110, 5.6.7, has it, whatever the locale.
std::string http_date(std::int64_t nanoseconds) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto seconds = static_cast<std::time_t>(nanoseconds / 1'000'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 64> text;
  auto size = std::snprintf(
    text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
    days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
    months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
    parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string tag_of(const opened_file& what, std::string_view coding) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "\"%llx-%llx-%llx",
                static_cast<unsigned long long>(what.size),
                static_cast<unsigned long long>(what.changed),
                static_cast<unsigned long long>(what.number));
  std::string result{text.data()};
  if (!coding.empty())
    result.append("-").append(coding);
  return result + '"';
}

/// Whether a client has this very file already (RFC 9110, 13.1.2 and 13.1.3).
/// Dates are compared as texts: they are ours.
bool has_it(const parsed_request& req, std::string_view tag,
            std::string_view date) {
  if (req.count(http::field::if_none_match) == 0)
    return std::string_view{req[http::field::if_modified_since]} == date;
  bool result = false;
  for_each_element(req[http::field::if_none_match], [&](std::string_view x) {
    if (x.starts_with("W/"))
      x.remove_prefix(2);
    result = result || x == tag || x == "*";
  });
  return result;
}

/// Whether a client takes a coding that it has named (RFC 9110, 12.5.3).
bool takes(const parsed_request& req, std::string_view coding) {
  bool result = false;
  for_each_element(req[http::field::accept_encoding], [&](std::string_view x) {
    auto semicolon = std::min(x.find(';'), x.size());
    if (!beast::iequals(trim(x.substr(0, semicolon)), coding))
      return;
    auto weight = trim(x.substr(std::min(semicolon + 1, x.size())));
    // 0, 0.0 and so on are a no.
    result = !beast::iequals(weight.substr(0, 3), "q=0")
             || weight.find_first_of("123456789") != weight.npos;
  });
  return result;
}

bool takes_pages(const parsed_request& req) {
  bool result = false;
  for_each_element(req[http::field::accept], [&](std::string_view x) {
    result = result
             || beast::iequals(trim(x.substr(0, x.find(';'))), "text/html");
  });
  return result;
}

} // namespace

file_directory::file_directory(std::string prefix,
                               const std::filesystem::path& directory,
                               http_file_options options)
  : prefix_(std::move(prefix)), options_(std::move(options)) {
  while (prefix_.ends_with('/'))
    prefix_.pop_back();
  std::error_code ec;
  root_ = std::filesystem::canonical(directory, ec).string();
  if (!ec && !std::filesystem::is_directory(root_, ec) && !ec)
    ec = std::make_error_code(std::errc::not_a_directory);
  if (ec)
    throw std::invalid_argument{"the directory \"" + directory.string()
                                + "\" cannot be served: " + ec.message()};
}

bool file_directory::covers(std::string_view path) const noexcept {
  return path.starts_with(prefix_)
         && (path.size() == prefix_.size() || path[prefix_.size()] == '/');
}

std::optional<std::string>
file_directory::name_of(std::string_view path) const {
  std::string result;
  path.remove_prefix(std::min(prefix_.size() + 1, path.size()));
  while (!path.empty()) {
    auto end = std::min(path.find('/'), path.size());
    auto segment = decode_percent(path.substr(0, end), plus::is_itself);
    if (!segment || !is_served_segment(*segment))
      return std::nullopt;
    result += (result.empty() ? "" : "/") + *segment;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return result;
}

std::optional<file_answer> file_directory::find(const parsed_request& req,
                                                std::string_view path) const {
  auto name = name_of(path);
  if (!name)
    return std::nullopt;
  auto what = open_below(root_, *name);
  if (!what)
    return fallback(req, *name);
  if (what->is_directory && !path.ends_with('/')) {
    // Its page names others by where it stands itself. The path begins with one
    // slash, or it would be a name: `//elsewhere`.
    file_answer there{{.status = 308, .content_type = {}}};
    auto query = parse_target(req.target()).query;
    there.head.headers.emplace_back("Location", std::string{path}
                                                  + (query.empty() ? "/" : "/?")
                                                  + std::string{query});
    there.has_body = false;
    return there;
  }
  if (what->is_directory) {
    *name += name->empty() ? "index.html" : "/index.html";
    what = open_below(root_, *name);
    if (!what)
      return fallback(req, *name);
  } else if (path.ends_with('/')) {
    return std::nullopt;
  }
  if (what->is_directory)
    return std::nullopt;
  return answer(req, *name, std::move(*what));
}

std::optional<file_answer>
file_directory::fallback(const parsed_request& req,
                         std::string_view name) const {
  auto last = name.substr(name.rfind('/') + 1);
  auto is_page = last.find('.') == last.npos || last == "index.html";
  if (options_.fallback.empty() || !is_page || !takes_pages(req))
    return std::nullopt;
  auto what = open_below(root_, options_.fallback);
  if (!what || what->is_directory)
    return std::nullopt;
  return answer(req, options_.fallback, std::move(*what));
}

file_answer file_directory::answer(const parsed_request& req,
                                   const std::string& name,
                                   opened_file what) const {
  file_answer result{{.content_type = std::string{media_type_of(name)}}};
  auto& headers = result.head.headers;
  std::string_view coding;
  for (auto [ending, token] :
       {std::pair{".br", "br"}, std::pair{".gz", "gzip"}}) {
    auto packed = open_below(root_, name + ending);
    // One that is older was made of something else.
    if (!packed || packed->is_directory || packed->changed < what.changed)
      continue;
    if (headers.empty())
      headers.emplace_back("Vary", "Accept-Encoding");
    if (!takes(req, token))
      continue;
    coding = token;
    what = std::move(*packed);
    headers.emplace_back("Content-Encoding", token);
    break;
  }
  auto tag = tag_of(what, coding);
  auto date = http_date(what.changed);
  headers.emplace_back("ETag", tag);
  headers.emplace_back("Last-Modified", date);
  headers.emplace_back("Cache-Control", options_.cache_control);
  headers.emplace_back("Accept-Ranges", "bytes");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (has_it(req, tag, date)) {
    result.head.status = 304;
    result.head.content_type.clear();
    result.has_body = false;
    return result;
  }
  auto size = what.size;
  result.part = {0, size};
  result.from = std::move(what);
  std::string_view condition = req[http::field::if_range];
  auto is_same = condition.empty() || condition == tag || condition == date;
  if (req.method() != http::verb::get || !is_same)
    return result;
  if (auto part = parse_range(req[http::field::range], size)) {
    auto all = "/" + std::to_string(size);
    result.part = *part;
    if (part->size == 0) {
      result.head.status = 416;
      result.head.content_type.clear();
      result.has_body = false;
      headers.emplace_back("Content-Range", "bytes *" + all);
    } else {
      result.head.status = 206;
      headers.emplace_back("Content-Range",
                           "bytes " + std::to_string(part->first) + "-"
                             + std::to_string(part->first + part->size - 1)
                             + all);
    }
  }
  return result;
}

} // namespace flamigo::detail
