#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// The journal as it is found.
struct journal_facts {
  /// Another one when the journal was made anew.
  std::string id;
  /// The messages that it has; `first` is behind `last` if there are none.
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  /// What a message may have.
  std::size_t max_bytes = 0;
};

/// One message as it is read.
struct journal_entry {
  /// Of the call of `read` that it comes from, and the how many-th.
  std::uint64_t reading = 0;
  std::uint64_t number = 0;
  /// Its place in the journal, from 1 on.
  std::uint64_t seq = 0;
  std::string_view body;
};

/// Who is told what becomes of the journal. On the relay's thread.
class journal_receiver {
public:
  /// It can be read and written, for the first time or again: nothing is read
  /// from now on until `read` was called.
  virtual void opened(const journal_facts& what) = 0;

  /// It cannot, for this reason, and will be tried again. With `refused` a
  /// server is there that has no journals.
  virtual void closed(const std::string& why, bool refused) = 0;

  virtual void came(const journal_entry& what) = 0;

  /// So many messages were sent here since that call of `read`.
  virtual void counted(std::uint64_t reading, std::uint64_t number) = 0;

  /// A node asks all, this one included.
  virtual void asked(std::string_view question) = 0;

  /// A node answers this one.
  virtual void answered(std::string_view answer) = 0;

protected:
  ~journal_receiver() = default;
};

/// A journal that all nodes write to and read: a seam, behind which there is a
/// stream of NATS JetStream (`nats_journal`). What is in it stays in its order.
/// What is written may be lost on the way to it, and what is read on the way
/// from it, which shows in the numbers of the entries.
///
/// All members are for the relay's thread. Nothing blocks.
class journal_transport {
public:
  virtual ~journal_transport() = default;

  /// Looks for the journal, or makes it, and tells the receiver, which outlives
  /// it or `stop`.
  virtual void start(journal_receiver& to) = 0;

  /// Nobody is told anything any more.
  virtual void stop() = 0;

  /// Several times a second or so.
  virtual void tick() = 0;

  /// Says again how it stands: `opened` or `closed`.
  virtual void look() = 0;

  /// False when too much waits.
  virtual bool write(std::string_view body) = 0;

  /// Reads from there on, in place of what was read before. `reading` is
  /// another one with each call.
  virtual void read(std::uint64_t reading, std::uint64_t from) = 0;

  /// How others answer this node.
  virtual const std::string& address() const = 0;

  virtual void ask(std::string_view question) = 0;

  virtual void answer(const std::string& address, std::string_view what) = 0;
};

} // namespace flamigo::detail
