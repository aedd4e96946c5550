#include "flamigo/log/detail/log_json.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

#include "flamigo/log/detail/log_escape.hpp"

namespace flamigo::detail {

namespace {

constexpr std::string_view cut_mark = "...";

/// Appends the inside of a string, at most so many bytes. What `log::escape`
/// leaves is UTF-8 without control characters, so that JSON (RFC 8259, 7) asks
/// for two escapes only.
void append_text(std::string& out, std::string_view text, std::size_t most) {
  std::string harmless;
  append_escaped(harmless, text);
  // Where it ends if it has to be cut, which is not within a character.
  auto cut = out.size();
  auto last = out.size() + most;
  for (auto c : harmless) {
    auto begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && out.size() + cut_mark.size() <= last)
      cut = out.size();
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
    if (out.size() > last) {
      out.resize(cut);
      out += cut_mark;
      return;
    }
  }
}

void append_time(std::string& out, spdlog::log_clock::time_point when) {
  using namespace std::chrono;
  auto since = duration_cast<microseconds>(when.time_since_epoch());
  auto whole = floor<seconds>(since);
  auto seconds_since = static_cast<std::time_t>(whole.count());
  std::tm utc{};
  ::gmtime_r(&seconds_since, &utc);
  char text[40];
  auto size = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  out.append(text, size);
  auto rest = static_cast<long>((since - whole).count());
  std::snprintf(text, sizeof(text), ".%06ldZ", rest);
  out += text;
}

} // namespace

void append_member(std::string& out, std::string_view name,
                   std::string_view text) {
  // Far more than an id has.
  constexpr std::size_t most = 256;
  out.append(",\"").append(name).append("\":\"");
  append_text(out, text, most);
  out += '"';
}

void append_json_line(std::string& out, const spdlog::details::log_msg& what,
                      std::string_view members, std::string_view message) {
  constexpr std::string_view end = "\"}";
  auto begin = out.size();
  out += "{\"time\":\"";
  append_time(out, what.time);
  auto level = spdlog::level::to_string_view(what.level);
  out.append("\",\"level\":\"").append(level.data(), level.size());
  out.append("\"").append(members).append(",\"message\":\"");
  auto used = out.size() - begin + end.size() + 1;
  append_text(out, message, used < max_json_line ? max_json_line - used : 0);
  out += end;
}

} // namespace flamigo::detail
