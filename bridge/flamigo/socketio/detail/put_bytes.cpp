#include "flamigo/socketio/detail/put_bytes.hpp"

#include <charconv>
#include <cstddef>
#include <string_view>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/base64.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/json/detail/number_list.hpp"
#include "flamigo/json/detail/tape.hpp"

namespace flamigo::detail {

namespace {

/// Besides one for each attachment.
constexpr std::size_t max_more_uses = 32;

bool is_placeholder(const json_token& x) {
  auto* mark = find_member(x, "_placeholder");
  return mark != nullptr && mark->kind == json_kind::yes;
}

/// Which attachment it stands for, or null if there is no such thing.
const std::string* named_by(const json_token& placeholder,
                            const std::vector<std::string>& attachments) {
  auto* number = find_member(placeholder, "num");
  if (number == nullptr || number->kind != json_kind::number)
    return nullptr;
  auto text = number->view();
  std::size_t index = 0;
  auto [last, failure] = std::from_chars(text.data(), text.data() + text.size(),
                                         index);
  if (failure != std::errc{} || last != text.data() + text.size()
      || index >= attachments.size())
    return nullptr;
  return &attachments[index];
}

} // namespace

caf::error put_bytes(const socket_io_packet& what,
                     const std::vector<std::string>& attachments,
                     std::string& frame) {
  json_tape tape;
  if (auto failure = tape.parse(what.data))
    return to_error(failure, "the packet");
  auto is_event = what.type == socket_io_packet::kind::binary_event;
  std::string text{is_event ? "2" : "3"};
  text.append(what.id);
  std::string places;
  std::size_t uses = 0;
  auto* from = what.data.data();
  auto* end = tape.root().next();
  for (auto* x = &tape.root(); x != end;) {
    if (!is_placeholder(*x)) {
      ++x;
      continue;
    }
    auto* bytes = named_by(*x, attachments);
    if (bytes == nullptr)
      return make_error(errc::malformed, "a placeholder for no attachment");
    if (uses >= attachments.size() + max_more_uses)
      return make_error(errc::malformed, "too many placeholders");
    text.append(from, x->text);
    append_number(places, text.size(), uses++ == 0);
    text.push_back('"');
    append_base64(text, *bytes);
    text.push_back('"');
    from = x->text + x->size;
    x = x->next();
  }
  text.append(from, what.data.data() + what.data.size());
  if (uses > 0)
    frame.append("b").append(places).push_back('-');
  frame.append(text);
  return {};
}

} // namespace flamigo::detail
