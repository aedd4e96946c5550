#include "flamigo/wire/detail/ack_id.hpp"

#include <algorithm>
#include <string>

#include "flamigo/json/json.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::detail {

namespace {

bool is_text(std::string_view json) {
  return !json.empty() && json.front() == '"';
}

bool is_integer(std::string_view json) {
  if (!json.empty() && json.front() == '-')
    json.remove_prefix(1);
  return !json.empty() && std::all_of(json.begin(), json.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

} // namespace

bool is_ack_id(std::string_view json) {
  if (!is_text(json))
    return is_integer(json) && json.size() <= envelope_decoder::max_ack_id;
  auto text = from_json<std::string>(json);
  return text && !text->empty() && text->size() <= envelope_decoder::max_ack_id;
}

bool same_ack_id(std::string_view x, std::string_view y) {
  if (x == y)
    return true;
  auto escaped = [](std::string_view json) {
    return json.find('\\') != std::string_view::npos;
  };
  if (!is_text(x) || !is_text(y) || (!escaped(x) && !escaped(y)))
    return false;
  auto first = from_json<std::string>(x);
  return first && first == from_json<std::string>(y);
}

} // namespace flamigo::detail
