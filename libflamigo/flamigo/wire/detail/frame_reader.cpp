#include "flamigo/wire/detail/frame_reader.hpp"

#include <algorithm>

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

void frame_reader::select(std::string_view name, other_name other) {
  auto known = [this](member& x) {
    x.twice = x.found;
    current_ = &x;
  };
  if (name == "topic")
    return known(topic_);
  if (name == "payload") {
    taping_ = taped_ = !payload_.found;
    return known(payload_);
  }
  if (name == "ackId")
    return known(ack_id_);
  current_ = nullptr;
  others_.push_back(other);
}

void frame_reader::select_escaped(std::string_view raw) {
  std::string name;
  append_unescaped(name, raw);
  select(name, {raw, true});
}

bool frame_reader::has_other(std::string_view name) const {
  return std::any_of(others_.begin(), others_.end(), [&](auto& x) {
    if (!x.escaped)
      return x.text == name;
    std::string text;
    append_unescaped(text, x.text);
    return text == name;
  });
}

std::string_view
frame_reader::text_of_other(std::string_view name) const noexcept {
  auto i = std::find_if(others_.begin(), others_.end(),
                        [&](auto& x) { return !x.escaped && x.text == name; });
  if (i == others_.end())
    return {};
  // Behind it stand its quote, a colon and the value: it was read so far.
  auto* pos = i->text.data() + i->text.size() + 1;
  while (*pos != ':')
    ++pos;
  do
    ++pos;
  while (*pos == ' ' || *pos == '\t' || *pos == '\r' || *pos == '\n');
  if (*pos != '"')
    return {};
  auto* first = ++pos;
  for (; *pos != '"'; ++pos)
    if (*pos == '\\')
      return {};
  return {first, static_cast<std::size_t>(pos - first)};
}

bool frame_reader::find_twice(std::string& name) {
  if (topic_.twice || payload_.twice || ack_id_.twice) {
    name = topic_.twice ? "topic" : payload_.twice ? "payload" : "ackId";
    return true;
  }
  return others_.size() > 1 && find_twice_among_others(name);
}

bool frame_reader::find_twice_among_others(std::string& name) {
  // A frame can have many names that nobody asked for: sorting keeps its cost
  // in proportion.
  std::vector<std::string> owned;
  owned.reserve(others_.size());
  std::vector<std::string_view> names;
  names.reserve(others_.size());
  for (auto& [text, escaped] : others_) {
    if (escaped) {
      append_unescaped(owned.emplace_back(), text);
      names.push_back(owned.back());
    } else {
      names.push_back(text);
    }
  }
  std::sort(names.begin(), names.end());
  auto pos = std::adjacent_find(names.begin(), names.end());
  if (pos == names.end())
    return false;
  name = *pos;
  return true;
}

} // namespace flamigo::detail
