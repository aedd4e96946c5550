#include "flamigo/cluster/detail/journal_numbers.hpp"

#include <algorithm>
#include <utility>

namespace flamigo::detail {

namespace {

/// A connection tells its channels apart by their epochs. FNV-1a, since all
/// nodes have to say the same.
std::uint64_t epoch_in(std::string_view topic, std::uint64_t epoch) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (auto c : topic) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211U;
  }
  auto result = hash ^ epoch;
  // 0 is no epoch.
  return result != 0 ? result : hash;
}

} // namespace

// -- history_numbers ----------------------------------------------------------

history_position journal_numbers::newest(std::string_view topic) {
  std::lock_guard guard{mtx_};
  auto i = counts_.find(topic);
  auto known = i != counts_.end();
  return {epoch_in(topic, known ? i->second.epoch : epoch_),
          known ? i->second.offset : 0};
}

history_position journal_numbers::next(std::string_view topic) {
  std::lock_guard guard{mtx_};
  auto& what = advance(topic);
  return {epoch_in(topic, what.epoch), what.offset};
}

journal_numbers::count& journal_numbers::advance(std::string_view topic) {
  auto i = counts_.find(topic);
  if (i == counts_.end())
    i = counts_.emplace(topic, count{epoch_, 0, 0}).first;
  if (i->second.seq != seq_) {
    ++i->second.offset;
    i->second.seq = seq_;
  }
  return i->second;
}

// -- events -------------------------------------------------------------------

void journal_numbers::begin(std::uint64_t epoch) {
  std::lock_guard guard{mtx_};
  epoch_ = epoch;
  counts_.clear();
}

void journal_numbers::begin_event(std::uint64_t seq) {
  std::lock_guard guard{mtx_};
  seq_ = seq;
}

void journal_numbers::end_event(const std::vector<std::string>& topics) {
  std::lock_guard guard{mtx_};
  for (auto& topic : topics)
    advance(topic);
  if (counts_.size() > max_topics)
    forget_some();
}

void journal_numbers::forget_some() {
  std::vector<std::uint64_t> seqs;
  seqs.reserve(counts_.size());
  for (auto& [topic, what] : counts_)
    seqs.push_back(what.seq);
  auto first_kept = seqs.begin() + static_cast<std::ptrdiff_t>(max_topics / 4);
  std::nth_element(seqs.begin(), first_kept, seqs.end());
  std::erase_if(counts_, [seq = *first_kept](auto& entry) {
    return entry.second.seq < seq;
  });
  // Of what begins again, nobody takes the old offsets for the new ones.
  ++epoch_;
}

bool journal_numbers::take_back(const std::string& topic) {
  std::lock_guard guard{mtx_};
  auto i = counts_.find(topic);
  if (i == counts_.end() || i->second.offset == 0)
    return false;
  --i->second.offset;
  i->second.seq = 0;
  return true;
}

// -- what it knows ------------------------------------------------------------

std::uint64_t journal_numbers::epoch() const {
  std::lock_guard guard{mtx_};
  return epoch_;
}

std::vector<topic_count> journal_numbers::topics() const {
  std::lock_guard guard{mtx_};
  std::vector<topic_count> result;
  result.reserve(counts_.size());
  for (auto& [topic, what] : counts_)
    result.push_back({topic, what.epoch, what.offset, what.seq});
  return result;
}

void journal_numbers::restore(std::uint64_t epoch,
                              std::vector<topic_count> topics) {
  std::lock_guard guard{mtx_};
  epoch_ = epoch;
  counts_.clear();
  for (auto& x : topics)
    counts_.emplace(std::move(x.topic), count{x.epoch, x.offset, x.seq});
}

} // namespace flamigo::detail
