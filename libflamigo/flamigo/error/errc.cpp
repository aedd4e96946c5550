#include "flamigo/error/errc.hpp"

#include <array>
#include <cstddef>

namespace flamigo {

namespace {

struct row {
  std::string_view name;
  int status;
  std::string_view message;
};

constexpr auto table = std::array<row, 14>{{
  {"none", 200, ""},
  {"malformed", 400, "the message is not a valid request"},
  {"invalid_payload", 400, "the payload does not fit this strategy"},
  {"unauthorized", 401, "authenticate first"},
  {"forbidden", 403, "you may not do this"},
  {"unknown_strategy", 404, "there is no such strategy"},
  {"unknown_channel", 404, "there is no such channel"},
  {"conflict", 409, "this contradicts what was done before"},
  {"too_many_requests", 429, "too many requests, slow down"},
  {"internal", 500, "internal error"},
  {"unavailable", 503, "not available at the moment, try again later"},
  {"timeout", 504, "this took too long, try again later"},
  {"cancelled", 499, "this was cancelled"},
  {"application", 500, "internal error"},
}};

static_assert(static_cast<std::size_t>(errc::application) + 1 == table.size());

// A code that came over the network may be none of ours.
constexpr const row& at(errc code) noexcept {
  auto i = static_cast<std::size_t>(code);
  return table[i < table.size() ? i : static_cast<std::size_t>(errc::internal)];
}

} // namespace

std::string to_string(errc code) {
  return std::string{at(code).name};
}

errc errc_of(std::string_view name) noexcept {
  for (std::size_t i = 1; i < table.size(); ++i)
    if (table[i].name == name)
      return static_cast<errc>(i);
  return errc::application;
}

int status_of(errc code) noexcept {
  return at(code).status;
}

std::string default_message(errc code) {
  return std::string{at(code).message};
}

} // namespace flamigo
