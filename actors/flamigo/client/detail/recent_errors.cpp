#include "flamigo/client/detail/recent_errors.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

/// At most so much of it, and no half of a character (RFC 3629, 3).
std::string head_of(std::string text) {
  if (text.size() <= recent_errors::max_trace_bytes)
    return text;
  auto size = recent_errors::max_trace_bytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
    --size;
  text.resize(size);
  return text;
}

} // namespace

void recent_errors::add(const claims& who, const caf::error& why) {
  entry made{std::chrono::system_clock::now(),
             who.connection_id,
             who.user ? who.user->id : std::string{},
             status_of(why),
             code_of(why),
             public_message(why),
             trace_of(why)};
  made.trace = head_of(std::move(made.trace));
  std::lock_guard guard{mutex_};
  auto& kind = made.status >= 500 ? failures_ : refusals_;
  if (kind.size() == max_kept)
    kind.pop_front();
  kind.push_back(std::move(made));
}

std::vector<recent_errors::entry>
recent_errors::latest(std::size_t limit, bool with_refusals) const {
  std::vector<entry> result;
  {
    std::lock_guard guard{mutex_};
    result.assign(failures_.begin(), failures_.end());
    if (with_refusals)
      result.insert(result.end(), refusals_.begin(), refusals_.end());
  }
  std::stable_sort(result.begin(), result.end(),
                   [](auto& x, auto& y) { return x.when > y.when; });
  if (result.size() > limit)
    result.resize(limit);
  return result;
}

} // namespace flamigo::detail
