--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: artifact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.artifact (
    id integer NOT NULL,
    type_id integer NOT NULL,
    uri text,
    state integer,
    name character varying(255),
    external_id character varying(255),
    create_time_since_epoch bigint DEFAULT 0 NOT NULL,
    last_update_time_since_epoch bigint DEFAULT 0 NOT NULL
);


--
-- Name: artifact_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.artifact_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: artifact_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.artifact_id_seq OWNED BY public.artifact.id;


--
-- Name: artifactproperty; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.artifactproperty (
    artifact_id integer NOT NULL,
    name character varying(255) NOT NULL,
    is_custom_property boolean NOT NULL,
    int_value integer,
    double_value double precision,
    string_value text,
    byte_value bytea,
    proto_value bytea,
    bool_value boolean
);


--
-- Name: association; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.association (
    id integer NOT NULL,
    context_id integer NOT NULL,
    execution_id integer NOT NULL
);


--
-- Name: association_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.association_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: association_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.association_id_seq OWNED BY public.association.id;


--
-- Name: attribution; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attribution (
    id integer NOT NULL,
    context_id integer NOT NULL,
    artifact_id integer NOT NULL
);


--
-- Name: attribution_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.attribution_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: attribution_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.attribution_id_seq OWNED BY public.attribution.id;


--
-- Name: context; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.context (
    id integer NOT NULL,
    type_id integer NOT NULL,
    name character varying(255) NOT NULL,
    external_id character varying(255),
    create_time_since_epoch bigint DEFAULT 0 NOT NULL,
    last_update_time_since_epoch bigint DEFAULT 0 NOT NULL
);


--
-- Name: context_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.context_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: context_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.context_id_seq OWNED BY public.context.id;


--
-- Name: contextproperty; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contextproperty (
    context_id integer NOT NULL,
    name character varying(255) NOT NULL,
    is_custom_property boolean NOT NULL,
    int_value integer,
    double_value double precision,
    string_value text,
    byte_value bytea,
    proto_value bytea,
    bool_value boolean
);


--
-- Name: event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event (
    id integer NOT NULL,
    artifact_id integer NOT NULL,
    execution_id integer NOT NULL,
    type integer NOT NULL,
    milliseconds_since_epoch bigint
);


--
-- Name: event_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.event_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: event_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.event_id_seq OWNED BY public.event.id;


--
-- Name: eventpath; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.eventpath (
    event_id integer NOT NULL,
    is_index_step boolean NOT NULL,
    step_index integer,
    step_key text
);


--
-- Name: execution; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.execution (
    id integer NOT NULL,
    type_id integer NOT NULL,
    last_known_state integer,
    name character varying(255),
    external_id character varying(255),
    create_time_since_epoch bigint DEFAULT 0 NOT NULL,
    last_update_time_since_epoch bigint DEFAULT 0 NOT NULL
);


--
-- Name: execution_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.execution_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: execution_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.execution_id_seq OWNED BY public.execution.id;


--
-- Name: executionproperty; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.executionproperty (
    execution_id integer NOT NULL,
    name character varying(255) NOT NULL,
    is_custom_property boolean NOT NULL,
    int_value integer,
    double_value double precision,
    string_value text,
    byte_value bytea,
    proto_value bytea,
    bool_value boolean
);


--
-- Name: mlmdenv; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mlmdenv (
    schema_version integer NOT NULL
);


--
-- Name: parentcontext; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.parentcontext (
    context_id integer NOT NULL,
    parent_context_id integer NOT NULL
);


--
-- Name: parenttype; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.parenttype (
    type_id integer NOT NULL,
    parent_type_id integer NOT NULL
);


--
-- Name: type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.type (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    version character varying(255),
    type_kind smallint NOT NULL,
    description text,
    input_type text,
    output_type text,
    external_id character varying(255)
);


--
-- Name: type_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.type_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: type_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.type_id_seq OWNED BY public.type.id;


--
-- Name: typeproperty; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.typeproperty (
    type_id integer NOT NULL,
    name character varying(255) NOT NULL,
    data_type integer
);


--
-- Name: artifact id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifact ALTER COLUMN id SET DEFAULT nextval('public.artifact_id_seq'::regclass);


--
-- Name: association id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.association ALTER COLUMN id SET DEFAULT nextval('public.association_id_seq'::regclass);


--
-- Name: attribution id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution ALTER COLUMN id SET DEFAULT nextval('public.attribution_id_seq'::regclass);


--
-- Name: context id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.context ALTER COLUMN id SET DEFAULT nextval('public.context_id_seq'::regclass);


--
-- Name: event id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event ALTER COLUMN id SET DEFAULT nextval('public.event_id_seq'::regclass);


--
-- Name: execution id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.execution ALTER COLUMN id SET DEFAULT nextval('public.execution_id_seq'::regclass);


--
-- Name: type id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.type ALTER COLUMN id SET DEFAULT nextval('public.type_id_seq'::regclass);


--
-- Data for Name: artifact; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.artifact VALUES (1, 10, 'file:///data/α b', 2, 'näme', 'ext-a', 1795592297894, 1795592297894);
INSERT INTO public.artifact VALUES (2, 10, '', 5, NULL, NULL, 1795592297896, 1795592297896);
INSERT INTO public.artifact VALUES (3, 10, '', 0, NULL, NULL, 1795592297896, 1795592297896);
INSERT INTO public.artifact VALUES (4, 10, '', 1, NULL, NULL, 1795592297897, 1795592297897);
INSERT INTO public.artifact VALUES (5, 10, '', 2, NULL, NULL, 1795592297897, 1795592297897);
INSERT INTO public.artifact VALUES (6, 10, '', 3, NULL, NULL, 1795592297897, 1795592297897);
INSERT INTO public.artifact VALUES (7, 10, '', 4, NULL, NULL, 1795592297898, 1795592297898);
INSERT INTO public.artifact VALUES (8, 10, '', 5, NULL, NULL, 1795592297898, 1795592297898);
INSERT INTO public.artifact VALUES (9, 10, '', 6, NULL, NULL, 1795592297898, 1795592297898);


--
-- Data for Name: artifactproperty; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.artifactproperty VALUES (1, 'd', false, NULL, 0.3, NULL, NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 'b', false, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO public.artifactproperty VALUES (1, 'i', false, -2147483648, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 's', false, NULL, NULL, 'quote '' " ` {} 
 ü 漢', NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 'st', false, NULL, NULL, 'mlmd-struct::CgcKAWISAioACjMKAWESLjIsCgkRAAAAAAAA8D8KCREAAAAAAAAEQAoCCAAKAiABCgwqCgoICgF4EgMaAXk=', NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 'pr', false, NULL, NULL, NULL, NULL, '\x0a17747970652e676f6f676c65617069732e636f6d2f782e5912030001ff', NULL);
INSERT INTO public.artifactproperty VALUES (1, 'i', true, 2147483647, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 'st', true, NULL, NULL, 'mlmd-struct::CgcKAWISAioACjMKAWESLjIsCgkRAAAAAAAA8D8KCREAAAAAAAAEQAoCCAAKAiABCgwqCgoICgF4EgMaAXk=', NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 'b', true, NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.artifactproperty VALUES (1, 'long', true, NULL, NULL, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', NULL, NULL, NULL);
INSERT INTO public.artifactproperty VALUES (1, 'empty', true, NULL, NULL, '', NULL, NULL, NULL);


--
-- Data for Name: association; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.association VALUES (1, 2, 1);


--
-- Data for Name: attribution; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.attribution VALUES (1, 1, 1);


--
-- Data for Name: context; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.context VALUES (1, 12, 'parent', NULL, 1795592297902, 1795592297902);
INSERT INTO public.context VALUES (2, 12, 'child', 'ext-c', 1795592297902, 1795592297902);


--
-- Data for Name: contextproperty; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: event; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.event VALUES (1, 1, 1, 1, 1001);
INSERT INTO public.event VALUES (2, 2, 2, 2, 1002);
INSERT INTO public.event VALUES (3, 3, 3, 3, 1003);
INSERT INTO public.event VALUES (4, 4, 4, 4, 1004);
INSERT INTO public.event VALUES (5, 5, 5, 5, 1005);
INSERT INTO public.event VALUES (6, 6, 6, 6, 1006);
INSERT INTO public.event VALUES (7, 7, 7, 7, 1007);


--
-- Data for Name: eventpath; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.eventpath VALUES (1, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (1, true, 1, NULL);
INSERT INTO public.eventpath VALUES (1, false, NULL, '');
INSERT INTO public.eventpath VALUES (2, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (2, true, 2, NULL);
INSERT INTO public.eventpath VALUES (2, false, NULL, '');
INSERT INTO public.eventpath VALUES (3, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (3, true, 3, NULL);
INSERT INTO public.eventpath VALUES (3, false, NULL, '');
INSERT INTO public.eventpath VALUES (4, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (4, true, 4, NULL);
INSERT INTO public.eventpath VALUES (4, false, NULL, '');
INSERT INTO public.eventpath VALUES (5, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (5, true, 5, NULL);
INSERT INTO public.eventpath VALUES (5, false, NULL, '');
INSERT INTO public.eventpath VALUES (6, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (6, true, 6, NULL);
INSERT INTO public.eventpath VALUES (6, false, NULL, '');
INSERT INTO public.eventpath VALUES (7, false, NULL, 'examples');
INSERT INTO public.eventpath VALUES (7, true, 7, NULL);
INSERT INTO public.eventpath VALUES (7, false, NULL, '');


--
-- Data for Name: execution; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.execution VALUES (1, 11, 0, 'e0', NULL, 1795592297899, 1795592297899);
INSERT INTO public.execution VALUES (2, 11, 1, 'e1', NULL, 1795592297899, 1795592297899);
INSERT INTO public.execution VALUES (3, 11, 2, 'e2', NULL, 1795592297900, 1795592297900);
INSERT INTO public.execution VALUES (4, 11, 3, 'e3', NULL, 1795592297900, 1795592297900);
INSERT INTO public.execution VALUES (5, 11, 4, 'e4', NULL, 1795592297900, 1795592297900);
INSERT INTO public.execution VALUES (6, 11, 5, 'e5', NULL, 1795592297901, 1795592297901);
INSERT INTO public.execution VALUES (7, 11, 6, 'e6', NULL, 1795592297901, 1795592297901);


--
-- Data for Name: executionproperty; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mlmdenv; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mlmdenv VALUES (10);


--
-- Data for Name: parentcontext; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.parentcontext VALUES (2, 1);


--
-- Data for Name: parenttype; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.parenttype VALUES (10, 1);
INSERT INTO public.parenttype VALUES (11, 5);


--
-- Data for Name: type; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.type VALUES (1, 'mlmd.Dataset', NULL, 1, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (2, 'mlmd.Model', NULL, 1, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (3, 'mlmd.Metrics', NULL, 1, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (4, 'mlmd.Statistics', NULL, 1, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (5, 'mlmd.Train', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (6, 'mlmd.Transform', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (7, 'mlmd.Process', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (8, 'mlmd.Evaluate', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (9, 'mlmd.Deploy', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.type VALUES (10, 'Everything', 'v1', 1, 'every kind', NULL, NULL, 'type-1');
INSERT INTO public.type VALUES (11, 'Train', NULL, 0, 'trains', NULL, NULL, NULL);
INSERT INTO public.type VALUES (12, 'Run', NULL, 2, NULL, NULL, NULL, NULL);


--
-- Data for Name: typeproperty; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.typeproperty VALUES (10, 'st', 4);
INSERT INTO public.typeproperty VALUES (10, 'b', 6);
INSERT INTO public.typeproperty VALUES (10, 's', 3);
INSERT INTO public.typeproperty VALUES (10, 'd', 2);
INSERT INTO public.typeproperty VALUES (10, 'i', 1);
INSERT INTO public.typeproperty VALUES (10, 'pr', 5);


--
-- Name: artifact_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.artifact_id_seq', 9, true);


--
-- Name: association_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.association_id_seq', 1, true);


--
-- Name: attribution_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.attribution_id_seq', 1, true);


--
-- Name: context_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.context_id_seq', 2, true);


--
-- Name: event_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.event_id_seq', 7, true);


--
-- Name: execution_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.execution_id_seq', 7, true);


--
-- Name: type_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.type_id_seq', 12, true);


--
-- Name: artifact artifact_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifact
    ADD CONSTRAINT artifact_external_id_key UNIQUE (external_id);


--
-- Name: artifact artifact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifact
    ADD CONSTRAINT artifact_pkey PRIMARY KEY (id);


--
-- Name: artifactproperty artifactproperty_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifactproperty
    ADD CONSTRAINT artifactproperty_pkey PRIMARY KEY (artifact_id, name, is_custom_property);


--
-- Name: association association_context_id_execution_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.association
    ADD CONSTRAINT association_context_id_execution_id_key UNIQUE (context_id, execution_id);


--
-- Name: association association_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.association
    ADD CONSTRAINT association_pkey PRIMARY KEY (id);


--
-- Name: attribution attribution_context_id_artifact_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution
    ADD CONSTRAINT attribution_context_id_artifact_id_key UNIQUE (context_id, artifact_id);


--
-- Name: attribution attribution_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution
    ADD CONSTRAINT attribution_pkey PRIMARY KEY (id);


--
-- Name: context context_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.context
    ADD CONSTRAINT context_external_id_key UNIQUE (external_id);


--
-- Name: context context_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.context
    ADD CONSTRAINT context_pkey PRIMARY KEY (id);


--
-- Name: context context_type_id_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.context
    ADD CONSTRAINT context_type_id_name_key UNIQUE (type_id, name);


--
-- Name: contextproperty contextproperty_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contextproperty
    ADD CONSTRAINT contextproperty_pkey PRIMARY KEY (context_id, name, is_custom_property);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);


--
-- Name: execution execution_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.execution
    ADD CONSTRAINT execution_external_id_key UNIQUE (external_id);


--
-- Name: execution execution_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.execution
    ADD CONSTRAINT execution_pkey PRIMARY KEY (id);


--
-- Name: executionproperty executionproperty_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.executionproperty
    ADD CONSTRAINT executionproperty_pkey PRIMARY KEY (execution_id, name, is_custom_property);


--
-- Name: mlmdenv mlmdenv_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mlmdenv
    ADD CONSTRAINT mlmdenv_pkey PRIMARY KEY (schema_version);


--
-- Name: parentcontext parentcontext_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.parentcontext
    ADD CONSTRAINT parentcontext_pkey PRIMARY KEY (context_id, parent_context_id);


--
-- Name: parenttype parenttype_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.parenttype
    ADD CONSTRAINT parenttype_pkey PRIMARY KEY (type_id, parent_type_id);


--
-- Name: type type_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.type
    ADD CONSTRAINT type_external_id_key UNIQUE (external_id);


--
-- Name: type type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.type
    ADD CONSTRAINT type_pkey PRIMARY KEY (id);


--
-- Name: typeproperty typeproperty_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.typeproperty
    ADD CONSTRAINT typeproperty_pkey PRIMARY KEY (type_id, name);


--
-- Name: artifact uniqueartifacttypename; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.artifact
    ADD CONSTRAINT uniqueartifacttypename UNIQUE (type_id, name);


--
-- Name: event uniqueevent; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT uniqueevent UNIQUE (artifact_id, execution_id, type);


--
-- Name: execution uniqueexecutiontypename; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.execution
    ADD CONSTRAINT uniqueexecutiontypename UNIQUE (type_id, name);


--
-- Name: idx_artifact_create_time_since_epoch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_create_time_since_epoch ON public.artifact USING btree (create_time_since_epoch);


--
-- Name: idx_artifact_external_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_external_id ON public.artifact USING btree (external_id);


--
-- Name: idx_artifact_last_update_time_since_epoch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_last_update_time_since_epoch ON public.artifact USING btree (last_update_time_since_epoch);


--
-- Name: idx_artifact_property_double; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_property_double ON public.artifactproperty USING btree (name, is_custom_property, double_value);


--
-- Name: idx_artifact_property_int; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_property_int ON public.artifactproperty USING btree (name, is_custom_property, int_value);


--
-- Name: idx_artifact_property_string; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_property_string ON public.artifactproperty USING btree (name, is_custom_property, string_value);


--
-- Name: idx_artifact_uri; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_artifact_uri ON public.artifact USING btree (uri);


--
-- Name: idx_context_create_time_since_epoch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_context_create_time_since_epoch ON public.context USING btree (create_time_since_epoch);


--
-- Name: idx_context_external_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_context_external_id ON public.context USING btree (external_id);


--
-- Name: idx_context_last_update_time_since_epoch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_context_last_update_time_since_epoch ON public.context USING btree (last_update_time_since_epoch);


--
-- Name: idx_context_property_double; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_context_property_double ON public.contextproperty USING btree (name, is_custom_property, double_value);


--
-- Name: idx_context_property_int; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_context_property_int ON public.contextproperty USING btree (name, is_custom_property, int_value);


--
-- Name: idx_context_property_string; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_context_property_string ON public.contextproperty USING btree (name, is_custom_property, string_value);


--
-- Name: idx_event_execution_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_event_execution_id ON public.event USING btree (execution_id);


--
-- Name: idx_eventpath_event_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_eventpath_event_id ON public.eventpath USING btree (event_id);


--
-- Name: idx_execution_create_time_since_epoch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_execution_create_time_since_epoch ON public.execution USING btree (create_time_since_epoch);


--
-- Name: idx_execution_external_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_execution_external_id ON public.execution USING btree (external_id);


--
-- Name: idx_execution_last_update_time_since_epoch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_execution_last_update_time_since_epoch ON public.execution USING btree (last_update_time_since_epoch);


--
-- Name: idx_execution_property_double; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_execution_property_double ON public.executionproperty USING btree (name, is_custom_property, double_value);


--
-- Name: idx_execution_property_int; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_execution_property_int ON public.executionproperty USING btree (name, is_custom_property, int_value);


--
-- Name: idx_execution_property_string; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_execution_property_string ON public.executionproperty USING btree (name, is_custom_property, string_value);


--
-- Name: idx_parentcontext_parent_context_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_parentcontext_parent_context_id ON public.parentcontext USING btree (parent_context_id);


--
-- Name: idx_type_external_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_type_external_id ON public.type USING btree (external_id);


--
-- Name: idx_type_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_type_name ON public.type USING btree (name);


--
-- PostgreSQL database dump complete
--


