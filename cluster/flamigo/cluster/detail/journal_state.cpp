#include "flamigo/cluster/detail/journal_state.hpp"

#include <algorithm>

namespace flamigo::detail {

std::optional<std::uint64_t>
journal_state::written(const std::string& writer) const {
  auto i = writers_.find(writer);
  return i != writers_.end() ? std::optional{i->second.number} : std::nullopt;
}

void journal_state::clear(std::uint64_t first) {
  *this = {};
  read_from_ = first;
  seq_ = first - 1;
}

journal_state::verdict journal_state::take(std::uint64_t seq,
                                           const journal_frame* what) {
  seq_ = seq;
  if (what != nullptr && what->begin && begins(*what->begin)) {
    begun_ = seq;
    exact_from_ = seq + 1;
    skipped_.clear();
    writers_.clear();
    return verdict::begins;
  }
  if (!is_known())
    return verdict::skipped;
  if (what != nullptr && what->event && counts(*what))
    return verdict::counts;
  skipped_.push_back(seq);
  if (skipped_.size() > max_skipped) {
    exact_from_ = skipped_.front() + 1;
    skipped_.pop_front();
  }
  return verdict::skipped;
}

bool journal_state::begins(const begin_note& what) const noexcept {
  if (what.epoch == 0)
    return false;
  // Who knows nothing must have read all in which another one could have begun.
  return is_known() ? begun_ <= what.seen : read_from_ <= what.seen + 1;
}

bool journal_state::counts(const journal_frame& what) {
  auto i = writers_.find(what.from);
  if (what.number != (i != writers_.end() ? i->second.number + 1 : 1))
    return false;
  if (i != writers_.end()) {
    i->second = {what.number, seq_};
    return true;
  }
  if (writers_.size() == max_writers)
    writers_.erase(
      std::min_element(writers_.begin(), writers_.end(), [](auto& x, auto& y) {
        return x.second.seq < y.second.seq;
      }));
  writers_.emplace(what.from, progress{what.number, seq_});
  return true;
}

journal_note journal_state::note() const {
  journal_note result;
  result.seq = seq_;
  result.begun = begun_;
  result.exact_from = exact_from_;
  result.skipped.assign(skipped_.begin(), skipped_.end());
  for (auto& [id, x] : writers_)
    result.writers.push_back({id, x.number, x.seq});
  return result;
}

void journal_state::restore(const journal_note& what) {
  *this = {};
  seq_ = what.seq;
  begun_ = what.begun;
  exact_from_ = what.exact_from;
  skipped_.assign(what.skipped.begin(), what.skipped.end());
  for (auto& x : what.writers)
    writers_.emplace(x.id, progress{x.number, x.seq});
}

} // namespace flamigo::detail
