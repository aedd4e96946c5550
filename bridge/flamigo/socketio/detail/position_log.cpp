#include "flamigo/socketio/detail/position_log.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/string_end.hpp"

namespace flamigo::detail {

namespace {

constexpr std::string_view before_offsets = ",\"offsets\":{";

/// Takes the string that a text begins with, in its quotes.
std::string_view take_string(std::string_view& text) noexcept {
  auto result = text.substr(0, string_end(text, 0));
  text.remove_prefix(result.size());
  return result;
}

std::uint64_t take_number(std::string_view& text) noexcept {
  std::uint64_t result = 0;
  auto end = std::from_chars(text.data(), text.data() + text.size(), result);
  text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
  return result;
}

} // namespace

position_log::position_log(std::string tag) : tag_(std::move(tag)) {
}

// -- writing ------------------------------------------------------------------

void position_log::add(std::string_view offsets) {
  ++count_;
  if (!offsets.starts_with(before_offsets))
    return;
  offsets.remove_prefix(before_offsets.size());
  while (offsets.starts_with('"')) {
    auto topic = take_string(offsets);
    // The colon, and behind the number a comma or a brace.
    offsets.remove_prefix(std::min<std::size_t>(1, offsets.size()));
    add(topic, take_number(offsets));
    offsets.remove_prefix(std::min<std::size_t>(1, offsets.size()));
  }
}

void position_log::add(std::string_view topic, std::uint64_t offset) {
  auto which = name_of(topic);
  auto& known = names_[which];
  // It has begun anew, or goes back: what was before counts no more.
  if (known.runs > 0 && offset <= known.newest)
    forget(which);
  known.newest = offset;
  if (!runs_.empty()) {
    auto& last = runs_.back();
    if (last.name == which && last.count + last.size == count_
        && last.offset + last.size == offset && last.size < UINT32_MAX) {
      ++last.size;
      return;
    }
  }
  if (runs_.size() == max_runs) {
    auto& first = runs_.front();
    floor_ = std::max(floor_, first.count + first.size - 1);
    auto whose = first.name;
    runs_.pop_front();
    if (whose != which)
      release(whose);
    else
      --known.runs;
  }
  ++known.runs;
  runs_.push_back({count_, offset, 1, which});
}

void position_log::append_position(std::string& out) const {
  char digits[20];
  auto end = std::to_chars(digits, digits + sizeof(digits), count_).ptr;
  out.append(tag_).push_back('.');
  out.append(digits, end);
}

void position_log::cut() noexcept {
  floor_ = count_;
}

std::uint32_t position_log::name_of(std::string_view topic) {
  if (recent_ < names_.size() && names_[recent_].text == topic)
    return recent_;
  auto free = names_.end();
  for (auto i = names_.begin(); i != names_.end(); ++i) {
    if (i->text == topic)
      return recent_ = static_cast<std::uint32_t>(i - names_.begin());
    if (i->text.empty())
      free = i;
  }
  if (free == names_.end())
    free = names_.insert(free, name{});
  free->text = topic;
  return recent_ = static_cast<std::uint32_t>(free - names_.begin());
}

void position_log::forget(std::uint32_t which) {
  std::erase_if(runs_, [which](auto& x) { return x.name == which; });
  names_[which].runs = 0;
}

void position_log::release(std::uint32_t which) {
  if (--names_[which].runs == 0)
    names_[which] = {};
}

// -- reading ------------------------------------------------------------------

std::optional<std::uint64_t>
position_log::read(std::string_view position) const {
  std::uint64_t count = 0;
  if (position.size() > tag_.size() && position.starts_with(tag_)
      && position[tag_.size()] == '.') {
    auto digits = position.substr(tag_.size() + 1);
    auto end = digits.data() + digits.size();
    auto [last, failure] = std::from_chars(digits.data(), end, count);
    if (failure != std::errc{} || last != end)
      return std::nullopt;
  }
  if (count < floor_ || count > count_)
    return std::nullopt;
  return count;
}

std::optional<std::uint64_t>
position_log::first_behind(std::uint64_t count, std::string_view topic) const {
  std::string quoted;
  append_string(quoted, topic);
  for (auto& x : runs_)
    if (x.count + x.size > count + 1 && names_[x.name].text == quoted)
      return x.count > count ? x.offset : x.offset + (count - x.count) + 1;
  return std::nullopt;
}

std::size_t position_log::bytes() const noexcept {
  return runs_.size() * sizeof(run) + names_.size() * (sizeof(name) + 32);
}

} // namespace flamigo::detail
