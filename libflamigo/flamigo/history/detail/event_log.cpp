#include "flamigo/history/detail/event_log.hpp"

#include <algorithm>
#include <cstring>

namespace flamigo::detail {

namespace {

/// Between few pieces and little that is outlived in the first.
constexpr std::size_t smallest_chunk = 512;
constexpr std::size_t largest_chunk = 65'536;
constexpr std::size_t wanted_chunks = 12;

/// The first in a list by offset that is of this one or behind it.
template <class List>
auto first_from(const List& list, std::uint64_t offset) noexcept {
  return std::lower_bound(list.begin(), list.end(), offset,
                          [](auto& x, auto wanted) {
                            return x.first < wanted;
                          });
}

} // namespace

kept_event event_log::append(std::string_view base, std::string_view rest,
                             places_ptr elsewhere, time_point now,
                             bytes_finder finder) {
  auto frame_size = base.size() + rest.size();
  if (elsewhere && elsewhere_.size() == elsewhere_.capacity())
    elsewhere_.reserve(std::max(2 * elsewhere_.size(), std::size_t{4}));
  if (finder != nullptr && finders_.size() == finders_.capacity())
    finders_.reserve(std::max(2 * finders_.size(), std::size_t{4}));
  if (fresh_bytes_
      >= std::clamp(allocated_ / wanted_chunks, smallest_chunk, largest_chunk))
    join_fresh();
  auto size = header_bytes + frame_size;
  chunks_.push_back(log_chunk::make(size, newest_ + 1));
  // Nothing throws from here on.
  auto& chunk = *chunks_.back();
  header head{static_cast<std::uint32_t>(frame_size),
              static_cast<std::uint32_t>(base.size()), now};
  auto to = chunk.extend(size);
  std::memcpy(to, &head, header_bytes);
  to += header_bytes;
  std::memcpy(to, base.data(), base.size());
  std::memcpy(to + base.size(), rest.data(), rest.size());
  ++newest_;
  ++count_;
  ++fresh_;
  fresh_bytes_ += size;
  allocated_ += size;
  frames_ += frame_size;
  if (elsewhere)
    elsewhere_.emplace_back(newest_, elsewhere);
  if (finder != nullptr)
    finders_.emplace_back(newest_, finder);
  return {
    newest_, {to, frame_size}, {to, base.size()}, std::move(elsewhere), &chunk,
    finder};
}

void event_log::join_fresh() {
  auto first = chunks_.end() - static_cast<std::ptrdiff_t>(fresh_);
  if (fresh_ > 1) {
    auto joined = log_chunk::make(fresh_bytes_, (*first)->first());
    for (auto piece = first; piece != chunks_.end(); ++piece)
      std::memcpy(joined->extend((*piece)->used()), (*piece)->data(),
                  (*piece)->used());
    *first = std::move(joined);
    chunks_.erase(first + 1, chunks_.end());
  }
  fresh_ = fresh_bytes_ = 0;
}

event_log::header event_log::read_header(const cursor& where) const noexcept {
  header result;
  std::memcpy(&result, chunks_[where.chunk]->data() + where.byte, header_bytes);
  return result;
}

void event_log::advance(cursor& where, const header& what) const noexcept {
  where.byte += header_bytes + what.frame_size;
  if (where.byte == chunks_[where.chunk]->used()) {
    ++where.chunk;
    where.byte = 0;
  }
}

void event_log::take_back() noexcept {
  if (!elsewhere_.empty() && elsewhere_.back().first == newest_)
    elsewhere_.pop_back();
  if (!finders_.empty() && finders_.back().first == newest_)
    finders_.pop_back();
  auto size = chunks_.back()->capacity();
  chunks_.pop_back();
  --fresh_;
  fresh_bytes_ -= size;
  allocated_ -= size;
  frames_ -= size - header_bytes;
  --newest_;
  --count_;
}

// -- forgetting ---------------------------------------------------------------

void event_log::trim(const history_limits& limits, time_point now) {
  while (count_ > 0) {
    auto oldest = read_header({0, begin_});
    if (count_ <= limits.max_events && frames_ <= limits.max_bytes
        && now - oldest.time < limits.max_age)
      break;
    drop_oldest(oldest);
  }
  // Not one by one, each of which would move all the others.
  auto kept = elsewhere_from(oldest());
  if (kept - elsewhere_.begin() > elsewhere_.end() - kept)
    elsewhere_.erase(elsewhere_.begin(), kept);
  if (finders_.empty())
    return;
  auto found = first_from(finders_, oldest());
  if (found - finders_.begin() > finders_.end() - found)
    finders_.erase(finders_.begin(), found);
}

void event_log::drop_oldest(const header& what) noexcept {
  frames_ -= what.frame_size;
  --count_;
  begin_ += header_bytes + what.frame_size;
  auto size = chunks_.front()->capacity();
  if (begin_ < size)
    return;
  if (fresh_ == chunks_.size()) {
    --fresh_;
    fresh_bytes_ -= size;
  }
  begin_ = 0;
  allocated_ -= size;
  chunks_.erase(chunks_.begin());
}

// -- reading ------------------------------------------------------------------

std::vector<kept_event> event_log::read(std::uint64_t after,
                                        std::size_t max_bytes) const {
  std::vector<kept_event> result;
  if (after >= newest_)
    return result;
  auto next = after + 1;
  // The last chunk that begins no later.
  auto behind = std::upper_bound(chunks_.begin(), chunks_.end(), next,
                                 [](auto offset, auto& chunk) {
                                   return offset < chunk->first();
                                 });
  cursor where{static_cast<std::size_t>(behind - chunks_.begin()) - 1, 0};
  auto offset = chunks_[where.chunk]->first();
  if (where.chunk == 0) {
    where.byte = begin_;
    offset = oldest();
  }
  for (std::size_t bytes = 0; offset <= newest_; ++offset) {
    auto head = read_header(where);
    if (offset >= next) {
      if (!result.empty() && bytes + head.frame_size > max_bytes)
        break;
      bytes += head.frame_size;
      auto& chunk = *chunks_[where.chunk];
      auto text = chunk.data() + where.byte + header_bytes;
      result.push_back({offset,
                        {text, head.frame_size},
                        {text, head.base_size},
                        elsewhere(offset),
                        &chunk,
                        bytes_of(offset)});
    }
    advance(where, head);
  }
  return result;
}

event_log::places_list::const_iterator
event_log::elsewhere_from(std::uint64_t offset) const noexcept {
  return first_from(elsewhere_, offset);
}

event_log::places_ptr event_log::elsewhere(std::uint64_t offset) const {
  auto i = elsewhere_from(offset);
  return i != elsewhere_.end() && i->first == offset ? i->second : nullptr;
}

bytes_finder event_log::bytes_of(std::uint64_t offset) const noexcept {
  auto i = first_from(finders_, offset);
  return i != finders_.end() && i->first == offset ? i->second : nullptr;
}

} // namespace flamigo::detail
