#include "flamigo/cluster/detail/nats_journal.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "flamigo/cluster/detail/jetstream_api.hpp"
#include "flamigo/cluster/detail/nats_pair.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// How long JetStream may take to answer, and when it is asked again.
constexpr std::chrono::seconds api_patience{2};

constexpr std::string_view no_journals
  = "the NATS server has no JetStream, which channels with history need: start "
    "it with -js";

std::uint64_t number_in(std::string_view text) {
  std::uint64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

/// What stands before a sign, which both are taken away.
std::string_view take_until(std::string_view& text, char sign) {
  auto end = std::min(text.find(sign), text.size());
  auto result = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return result;
}

/// What JetStream says of a message, in the subject for its acknowledgement:
/// `$JS.ACK`, stream, consumer, deliveries, its place in the stream, the how
/// many-th of the consumer it is, and more. Newer servers put a domain and an
/// account before the stream.
bool read_place(std::string_view subject, journal_entry& out) {
  std::vector<std::string_view> words;
  while (!subject.empty())
    words.push_back(take_until(subject, '.'));
  auto stream = words.size() > 9 ? std::size_t{4} : std::size_t{2};
  if (words.size() < stream + 5 || words[1] != "ACK")
    return false;
  out.seq = number_in(words[stream + 3]);
  out.number = number_in(words[stream + 4]);
  return true;
}

/// It becomes a part of a subject.
bool is_address(std::string_view text) {
  return !text.empty() && text.size() <= 64
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
            });
}

} // namespace

struct nats_journal::impl : nats_pair {
  using nats_pair::look;
  using nats_pair::look_after;
  using nats_pair::publish;
  using nats_pair::subject;

  impl(io_thread& on, const cluster_options& with, age_function how_old)
    : nats_pair(on, with), age(std::move(how_old)), id(random_id()),
      stream("flamigo-" + with.name) {
  }

  ~impl() override {
    disconnect();
  }

  void start(journal_receiver& to) {
    receiver = &to;
    look();
  }

  void stop() {
    end_reading();
    receiver = nullptr;
    finish();
    disconnect();
  }

  void tick() {
    look_after();
    if (is_up() && asked_at && thread.now() - *asked_at >= api_patience)
      look_for_stream();
  }

  // -- JetStream --------------------------------------------------------------

  /// By the connection that reads: the server says that nobody answers only to
  /// the one that has subscribed to the answer.
  void request(const char* kind, const std::string& what,
               const std::string& body) {
    natsConnection_PublishRequestString(
      in, ("$JS.API." + what + '.' + stream).c_str(),
      own_subject(std::string{"api."} + kind).c_str(), body.c_str());
  }

  std::string own_subject(std::string_view kind) const {
    return subject("journal." + id + '.' + std::string{kind});
  }

  void look_for_stream() {
    asked_at = thread.now();
    request("info", "STREAM.INFO", "");
  }

  jetstream::stream_config wanted() const {
    jetstream::stream_config result;
    result.name = stream;
    result.subjects = {subject("channels")};
    result.max_age = std::max<std::int64_t>(age().count(), 1'000'000'000);
    result.max_bytes = static_cast<std::int64_t>(options.journal_bytes);
    result.num_replicas = options.nats_replicas;
    return result;
  }

  void create(std::uint64_t replicas) {
    auto what = wanted();
    what.num_replicas = replicas;
    request("info", "STREAM.CREATE", to_json(what));
  }

  void take_stream(std::string_view body, bool nobody) {
    if (nobody)
      return receiver->closed(std::string{no_journals}, true);
    jetstream::stream_reply what;
    if (auto err = from_json(body, what))
      return receiver->closed("JetStream is not understood: " + trace_of(err),
                              false);
    if (what.error) {
      auto code = what.error->err_code.value_or(0);
      if (code == JSStreamNotFoundErr)
        return create(options.nats_replicas);
      // By a server of its own.
      if (code == JSStreamReplicasNotSupportedErr)
        return create(1);
      auto is_off = code == JSNotEnabledErr
                    || code == JSNotEnabledForAccountErr;
      return receiver->closed(is_off ? std::string{no_journals}
                                     : "JetStream: "
                                         + what.error->description.value_or(""),
                              is_off);
    }
    if (!what.created || !what.state || !what.config)
      return receiver->closed("JetStream says nothing of the stream", false);
    asked_at.reset();
    // A server of its own may say something of a cluster, but no name.
    auto on_cluster = what.cluster && !what.cluster->name.value_or("").empty();
    let_grow(std::move(*what.config), on_cluster);
    auto last = what.state->last_seq.value_or(0);
    auto first = std::max<std::uint64_t>(what.state->first_seq.value_or(1), 1);
    receiver->opened(
      {*what.created, first, last,
       static_cast<std::size_t>(natsConnection_GetMaxPayload(out))});
  }

  /// Other nodes may want more of it than who has made it.
  void let_grow(jetstream::stream_config now, bool on_cluster) {
    auto want = wanted();
    // A server of its own takes more copies, and leaves out a stream that has
    // some when it is started anew.
    if (!on_cluster && std::exchange(want.num_replicas, 1) > 1)
      log::warn("cluster: --nats-replicas "
                + std::to_string(options.nats_replicas)
                + ": the NATS server is not one of a cluster, so that there is "
                  "one copy of the channels' history");
    auto is_smaller = [](std::int64_t x, std::int64_t y) {
      return x > 0 && x < y;
    };
    if (!is_smaller(now.max_age, want.max_age)
        && !is_smaller(now.max_bytes, want.max_bytes)
        && (on_cluster ? now.num_replicas >= want.num_replicas
                       : now.num_replicas == want.num_replicas))
      return;
    want.max_age = std::max(want.max_age, now.max_age);
    want.max_bytes = std::max(want.max_bytes, now.max_bytes);
    if (on_cluster)
      want.num_replicas = std::max(want.num_replicas, now.num_replicas);
    request("grown", "STREAM.UPDATE", to_json(want));
  }

  void read(std::uint64_t reading, std::uint64_t from) {
    end_reading();
    asked_at = thread.now();
    auto to = own_subject("r" + std::to_string(reading));
    // By its whole name: a server does not deliver to who listens to it by a
    // pattern.
    unsubscribe(deliveries);
    deliveries = subscribe(to, on_delivery, this);
    jetstream::consumer_request what;
    what.stream_name = stream;
    what.config.deliver_subject = to;
    what.config.opt_start_seq = from;
    request("reader", "CONSUMER.CREATE", to_json(what));
  }

  void take_reader(std::string_view body) {
    jetstream::consumer_reply what;
    // It is tried again with the stream.
    if (from_json(body, what) || what.error || !what.name)
      return;
    asked_at.reset();
    // Of the calls of `read`, the last one counts, and its answer comes last.
    end_reading();
    consumer = *what.name;
  }

  void end_reading() {
    if (!consumer.empty())
      publish("$JS.API.CONSUMER.DELETE." + stream + '.' + consumer, "");
    consumer.clear();
  }

  // -- what comes -------------------------------------------------------------

  void take(std::string_view frame) override {
    auto kind = take_until(frame, '\n');
    auto reply = take_until(frame, '\n');
    if (kind == "ask")
      return receiver->asked(frame);
    if (kind == "answer")
      return receiver->answered(frame);
    if (kind == "info")
      return take_stream(frame, reply == "!");
    if (kind == "reader")
      return take_reader(frame);
    if (!kind.starts_with('r'))
      return;
    auto reading = number_in(kind.substr(1));
    if (reply.starts_with('='))
      return receiver->counted(reading, number_in(reply.substr(1)));
    journal_entry what;
    what.reading = reading;
    what.body = frame;
    if (read_place(reply, what))
      receiver->came(what);
  }

  // -- nats_pair --------------------------------------------------------------

  bool is_wanted() const override {
    return receiver != nullptr;
  }

  void listen() override {
    deliveries = nullptr;
    subscribe(own_subject("api.*"), on_message, this);
    subscribe(subject("journal.ask"), on_message, this);
  }

  void up() override {
    look_for_stream();
  }

  void down(std::string why) override {
    asked_at.reset();
    consumer.clear();
    receiver->closed(why + "; trying again", false);
  }

  // -- on threads of the library ----------------------------------------------

  static void on_message(natsConnection* from, natsSubscription*, natsMsg* what,
                         void* self) {
    static_cast<impl*>(self)->came(from, what, natsMsg_GetSubject(what));
    natsMsg_Destroy(what);
  }

  /// A message of the stream has the subject that it was published to.
  static void on_delivery(natsConnection* from, natsSubscription* by,
                          natsMsg* what, void* self) {
    static_cast<impl*>(self)->came(from, what, natsSubscription_GetSubject(by));
    natsMsg_Destroy(what);
  }

  void came(natsConnection* from, natsMsg* what, const char* to) {
    auto text_of = [](const char* text) {
      return std::string{text != nullptr ? text : ""};
    };
    const char* status = nullptr;
    const char* count = nullptr;
    auto reply = text_of(natsMsg_GetReply(what));
    if (natsMsg_IsNoResponders(what))
      reply = "!";
    else if (natsMsgHeader_Get(what, "Status", &status) == NATS_OK) {
      // It goes on when this side has done with what came before.
      if (!reply.empty())
        natsConnection_PublishString(from, reply.c_str(), "");
      if (natsMsgHeader_Get(what, "Nats-Last-Consumer", &count) != NATS_OK)
        return;
      reply = '=' + text_of(count);
    }
    auto whole = text_of(to);
    auto frame = whole.substr(whole.rfind('.') + 1);
    frame.append(1, '\n').append(reply).append(1, '\n');
    frame.append(natsMsg_GetData(what),
                 static_cast<std::size_t>(natsMsg_GetDataLength(what)));
    put(frame);
  }

  age_function age;
  const std::string id;
  const std::string stream;
  journal_receiver* receiver = nullptr;
  natsSubscription* deliveries = nullptr;
  /// What reads now.
  std::string consumer;
  /// Since when JetStream has to answer; none if it does not.
  std::optional<std::chrono::steady_clock::time_point> asked_at;
};

nats_journal::nats_journal(io_thread& thread, const cluster_options& options,
                           age_function age)
  : impl_(std::make_shared<impl>(thread, options, std::move(age))) {
  impl_->connect();
}

nats_journal::~nats_journal() = default;

void nats_journal::start(journal_receiver& to) {
  impl_->start(to);
}

void nats_journal::stop() {
  impl_->stop();
}

void nats_journal::tick() {
  impl_->tick();
}

void nats_journal::look() {
  impl_->look_for_stream();
}

bool nats_journal::write(std::string_view body) {
  return impl_->publish(impl_->subject("channels"), body);
}

void nats_journal::read(std::uint64_t reading, std::uint64_t from) {
  impl_->read(reading, from);
}

const std::string& nats_journal::address() const {
  return impl_->id;
}

void nats_journal::ask(std::string_view question) {
  impl_->publish(impl_->subject("journal.ask"), question);
}

void nats_journal::answer(const std::string& address, std::string_view what) {
  if (is_address(address))
    impl_->publish(impl_->subject("journal." + address + ".api.answer"), what);
}

} // namespace flamigo::detail
