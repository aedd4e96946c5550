#include "flamigo/wire/laden_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "flamigo/json/detail/base64.hpp"
#include "flamigo/json/detail/number_list.hpp"
#include "flamigo/json/detail/tape.hpp"

namespace flamigo {

namespace {

using detail::json_kind;
using detail::json_token;

/// The payload in the arguments of a packet.
const json_token* payload_in(const json_token& root) {
  if (root.kind != json_kind::array || root.count == 0)
    return nullptr;
  auto& first = *(&root + 1);
  if (first.kind == json_kind::object)
    return detail::find_member(first, "payload");
  if (root.count == 1)
    return nullptr;
  auto* second = first.next();
  // No event of the program has this name.
  return first.view() == "stream" ? detail::find_member(*second, "payload")
                                  : second;
}

/// The bytes that a text is; nothing if it is none of ours.
std::optional<std::string> decoded(const json_token& text) {
  if (text.escaped)
    return std::nullopt;
  return detail::decode_base64(text.view());
}

} // namespace

laden_text read_laden(std::string_view text) {
  laden_text result;
  auto end = text.find('-');
  std::vector<std::size_t> sizes;
  detail::read_numbers(text.substr(1, end - 1), sizes);
  auto begin = text.size();
  for (auto size : sizes)
    begin -= size;
  result.json = text.substr(end + 1, begin - end - 1);
  result.attachments.reserve(sizes.size());
  for (auto size : sizes) {
    result.attachments.push_back(text.substr(begin, size));
    begin += size;
  }
  return result;
}

void lift_bytes(std::string& text, std::size_t head,
                detail::bytes_finder where) {
  detail::json_tape tape;
  auto json = std::string_view{text}.substr(head);
  if (tape.parse(json))
    return;
  detail::token_list found;
  if (auto* payload = payload_in(tape.root()))
    where(*payload, found);
  if (found.empty() || found.size() > laden_text::max_attachments)
    return;
  std::sort(found.begin(), found.end());
  std::string sizes{"b"};
  std::string rest{text, 0, head};
  std::string attachments;
  std::size_t count = 0;
  auto* from = json.data();
  for (auto* x : found) {
    auto bytes = decoded(*x);
    if (!bytes)
      continue;
    auto slice = x->slice();
    rest.append(from, slice.data());
    rest.append(R"({"_placeholder":true,"num":)")
      .append(std::to_string(count))
      .push_back('}');
    from = slice.data() + slice.size();
    detail::append_number(sizes, bytes->size(), count++ == 0);
    attachments += *bytes;
  }
  if (count == 0)
    return;
  rest.append(from, json.data() + json.size());
  text = std::move(sizes);
  text.append("-").append(rest).append(attachments);
}

} // namespace flamigo
