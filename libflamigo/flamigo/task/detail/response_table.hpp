#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

namespace flamigo::detail {

/// Who waits for one CAF response; a part of a frame.
class response_hook {
public:
  response_hook() = default;

  response_hook(const response_hook&) = delete;

  response_hook& operator=(const response_hook&) = delete;

  virtual ~response_hook() = default;

  /// In the actor; it is out of the table then.
  virtual void is_answered(caf::mailbox_element& what) noexcept = 0;

private:
  friend class response_table;

  std::uint64_t id_ = 0;
  response_hook* next_ = nullptr;
};

/// The responses that an actor waits for, by their ids. CAF keeps a list of
/// them, which is searched from one end to the other; an actor may wait for a
/// hundred thousand.
class response_table {
public:
  /// The hook must not be in one. Throws std::bad_alloc.
  void add(response_hook& what, caf::message_id id);

  /// Does nothing if it is not in here.
  void remove(response_hook& what) noexcept;

  /// Takes out who waits for this one; null if nobody does.
  response_hook* take(caf::message_id id) noexcept;

private:
  /// Where the chain begins in which an id belongs.
  response_hook*& chain(std::uint64_t id) noexcept {
    return chains_[id & (chains_.size() - 1)];
  }

  void grow();

  /// Ids are counted, so that their last bits are all the hash that it takes.
  std::vector<response_hook*> chains_;
  std::size_t size_ = 0;
};

} // namespace flamigo::detail
