// A peer to compare with: Go with gorilla/websocket, a goroutine that reads and
// one that writes for each connection. PROGRAM PORT
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/gorilla/websocket"
)

type request struct {
	Topic   string          `json:"topic"`
	Payload json.RawMessage `json:"payload"`
	AckID   json.RawMessage `json:"ackId,omitempty"`
}

type addressed struct {
	Topic string `json:"topic"`
}

// hub knows who has subscribed to what.
type hub struct {
	mutex       sync.RWMutex
	subscribers map[string]map[*client]struct{}
}

func (h *hub) subscribe(who *client, topic string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.subscribers[topic] == nil {
		h.subscribers[topic] = map[*client]struct{}{}
	}
	h.subscribers[topic][who] = struct{}{}
}

func (h *hub) forget(who *client, topics []string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, topic := range topics {
		delete(h.subscribers[topic], who)
	}
}

func (h *hub) publish(topic string, event []byte) {
	h.mutex.RLock()
	defer h.mutex.RUnlock()
	for who := range h.subscribers[topic] {
		who.send(event)
	}
}

type client struct {
	hub    *hub
	socket *websocket.Conn
	queue  chan []byte
	done   chan struct{}
	topics []string
}

// send waits when the queue is full: nothing is to be lost.
func (c *client) send(text []byte) {
	select {
	case c.queue <- text:
	case <-c.done:
	}
}

func (c *client) write() {
	for {
		select {
		case text := <-c.queue:
			if c.socket.WriteMessage(websocket.TextMessage, text) != nil {
				c.socket.Close()
				return
			}
		case <-c.done:
			return
		}
	}
}

func (c *client) read() {
	defer func() {
		close(c.done)
		c.hub.forget(c, c.topics)
		c.socket.Close()
	}()
	for {
		_, text, err := c.socket.ReadMessage()
		if err != nil {
			return
		}
		c.handle(text)
	}
}

var strategies = map[string]func(*client, json.RawMessage) json.RawMessage{
	"app::bench:echo": func(_ *client, payload json.RawMessage) json.RawMessage {
		return payload
	},
	"app::bench:subscribe": func(c *client, payload json.RawMessage) json.RawMessage {
		var in addressed
		if json.Unmarshal(payload, &in) == nil {
			c.topics = append(c.topics, in.Topic)
			c.hub.subscribe(c, in.Topic)
		}
		return nil
	},
	"app::bench:publish": func(c *client, payload json.RawMessage) json.RawMessage {
		var in addressed
		if json.Unmarshal(payload, &in) == nil {
			event, _ := json.Marshal(request{Topic: "bench:message", Payload: payload})
			c.hub.publish(in.Topic, event)
		}
		return nil
	},
}

func (c *client) handle(text []byte) {
	var in request
	if json.Unmarshal(text, &in) != nil {
		c.send([]byte(`{"topic":"error","payload":{"message":"malformed"}}`))
		return
	}
	strategy, found := strategies[in.Topic]
	if !found {
		c.send([]byte(`{"topic":"error","payload":{"message":"unknown strategy"}}`))
		return
	}
	reply, _ := json.Marshal(request{in.Topic, strategy(c, in.Payload), in.AckID})
	c.send(reply)
}

func main() {
	if len(os.Args) < 2 {
		log.Fatalf("usage: %s PORT", os.Args[0])
	}
	all := &hub{subscribers: map[string]map[*client]struct{}{}}
	upgrader := websocket.Upgrader{}
	http.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		socket, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		c := &client{hub: all, socket: socket, queue: make(chan []byte, 256), done: make(chan struct{})}
		go c.write()
		go c.read()
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
